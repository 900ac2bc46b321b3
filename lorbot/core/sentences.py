"""What people write in place of a command, as a table: "could you remind Dr. Kim" is `remind Dr. Kim`.

A phrase has to be the whole sentence, with only names, applications and courtesies beside it. So nothing that is
denied, imagined, asked or long past can be taken for a command: "don't ask Dr. Kim yet" is in no row.

Adding a sentence is a line here. A row names commands by their words; one that does not exist is skipped.
"""

import re
from functools import cache
from itertools import count

from lorbot.core.value import Line, value

_WHEN = (
    r"(?: (?:in person|by phone|on the phone|over the phone|by text|at the clinic|after rounds|yesterday|today|just now"
    r"|this (?:morning|afternoon|evening|week)|last (?:night|week)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|to me"
    r"|when we (?:met|spoke|talked)))*"
)
_HAS = r"(?: has|'s)?(?: just| already| also)?"
_LETTER = r"(?: (?:me|for me))?(?: (?:a|the|my))?(?: strong)?(?: letter| recommendation| letter of recommendation)?"
_NEW = r"my (?:(?:new|newest|latest|updated|current|revised|final) )*"
_CV = r"(?:c\.?v\.?|résumé|resume|curriculum vitae)"
_STATEMENT = r"(?:personal )?statement"
_ALL = r"(?:everything|all(?: (?:the |my )?(?:e-?mails?|mails?|letters?|reminders))?|sending|mailing|writing)"
_NOW = r"(?: (?:for now|for the moment|for a while|at once|right away|immediately))?"
_PUT_IN = r"(?:submitted|uploaded|sent(?: in)?|turned in|handed in|finished|completed)"
_IS_IN = r"(?:(?:is|are) (?:in|there)|(?:has |have |was |were |has been )?(?:arrived|received|come in)|came in)"
_IS_UNABLE_TO = r"(?:can't|cannot|can not|won't|will not|is not able to|isn't able to|is unable to)"
_ATTACHED_IS = r"(?:attached is|please find|find|i(?:'ve| have)? attached|see)"
_LETTERS = r"(?:my letters|the letters|my letters of recommendation)"

_SLOTS = {
    "when": _WHEN, "has": _HAS, "a letter": _LETTER, "my new": _NEW, "cv": _CV, "statement": _STATEMENT, "all": _ALL,
    "now": _NOW, "put in": _PUT_IN, "letters": _LETTERS, "is in": _IS_IN, "is unable to": _IS_UNABLE_TO,
    "attached is": _ATTACHED_IS,
}  # fmt: skip
_SLOT = re.compile(r"\{([a-z ]+)\}")


@value
class Sentence:
    """Phrases that mean a command. Several lines, or one that is not `sure`, are asked about."""

    means: tuple[Line, ...]  # "ask {who} for {what}"
    phrases: tuple[Line, ...]  # of patterns; {who} is people, {what} an application
    sure: bool = True
    asks: bool = False  # it may be put as a question: "what's the status?"

    def found_in(self, said: str) -> dict[str, str] | None:
        """What stands for {who} and {what}, where `said` is one of the phrases."""
        for phrase in self.phrases:
            found = _compiled(phrase).fullmatch(said)
            if found:
                slots = {name: words or "" for name, words in found.groupdict().items()}
                return {slot: next((w for name, w in slots.items() if name.startswith(slot) and w), "")
                        for slot in ("who", "what")}  # fmt: skip
        return None


SENTENCES: tuple[Sentence, ...] = (
    Sentence(
        means=("ask {who} for {what}",),
        phrases=(
            r"(?:ask|e-?mail|write to) {who} (?:for|about) {what}",
            r"(?:ask|e-?mail|write to) {who} (?:to write|and ask for)(?: me)? {what}",
            r"ask {who} (?:if|whether) (?:he|she|they) (?:can|could|would) write(?: me)? {what}",
            r"(?:request|get) {what} from {who}",
            r"send (?:the|an) ask to {who}",
            r"ask {who}",
        ),
    ),
    Sentence(
        means=("remind {who}",),
        phrases=(
            r"remind {who}(?: about {what})?",
            r"(?:send|give) {who} a (?:gentle |friendly |short )?(?:reminder|nudge)(?: about {what})?",
            r"send a (?:gentle |friendly |short )?(?:reminder|nudge) to {who}",
            r"(?:nudge|follow up with) {who}",
        ),
    ),
    Sentence(
        means=("thank {who}",),
        phrases=(
            r"thank {who}(?: on my behalf)?(?: for {what})?",
            r"say thank(?:s| you) to {who}(?: for {what})?",
            r"send {who} (?:(?:a|my) )?(?:thank[ -]?you|thanks)(?: note| mail| e-?mail| letter)?",
            r"send (?:(?:a|my) )?(?:thank[ -]?you|thanks)(?: note| mail| e-?mail| letter)? to {who}",
        ),
    ),
    Sentence(
        means=("agreed {who}",),
        phrases=(
            r"{who}{has} (?:said yes|agreed|accepted)(?: to write{a letter})?{when}",
            r"(?:i|we) (?:got|have|heard) a yes from {who}{when}",
            r"{who} (?:told me|said) (?:that )?(?:he|she|they)(?:'ll| will| would) write{a letter}{when}",
        ),
    ),
    Sentence(
        means=("declined {who}",),
        phrases=(
            r"{who}{has} (?:turned me down|declined|said no|refused)(?: to write{a letter})?{when}",
            r"(?:i|we) (?:got|have|heard) a no from {who}{when}",
        ),
    ),
    Sentence(
        means=("declined {who}",),
        phrases=(r"{who} {is unable to} (?:write|do it){a letter}{when}",),
        sure=False,
    ),
    Sentence(
        means=("received {who}",),
        phrases=(
            r"{who}'s? letter {is in}(?: the portal)?{when}",
            r"the letters? (?:from|of|by) {who} {is in}(?: the portal)?{when}",
            r"(?:eras|the portal) (?:shows|has) (?:the letters? (?:from|of|by) {who}|{who}'s? letter){when}",
        ),
    ),
    Sentence(
        means=("received {who}",),
        phrases=(
            r"{who}{has} {put in} (?:the|my|her|his|their|a) letter{when}",
            r"{who} (?:is|was) (?:done|finished)(?: with (?:the|my) letter)?{when}",
        ),
        sure=False,  # written is not yet received
    ),
    Sentence(
        means=("assigned {who}",),
        phrases=(r"(?:i(?: have|'ve)? )?(?:just )?assigned {who}'s? letter{when}", r"{who}'s? letter is assigned"),
    ),
    Sentence(
        means=("talked {who}",),
        phrases=(r"(?:i(?: have|'ve)?|we) (?:just )?(?:talked|spoke|spoken|met) (?:to |with ){who}{when}",
                 r"i met {who}{when}"),
    ),
    Sentence(
        means=("outcome",),
        phrases=(
            r"(?:i|we)(?: have|'ve)?(?: just)? (?:matched|got in)(?: (?:at|into|in|to) [^?]{2,100})?",
            r"(?:i|we) (?:was|were|have been|'ve been|got)(?: just)? accepted(?: (?:at|into|to) [^?]{2,100})?",
            r"i (?:did not|didn't) (?:match|get in)(?: this (?:time|year))?",
            r"i (?:went|am|'m) unmatched|i was(?: just)? (?:rejected|turned down)(?: (?:at|by) [^?]{2,100})?",
        ),
    ),
    Sentence(
        means=("pause",),
        phrases=(
            r"stop {all}{now}", r"(?:pause|hold|freeze|suspend) {all}{now}", r"put everything on hold{now}",
            r"(?:don't|do not) (?:send|write) any(?:thing|body|one)(?: (?:to any(?:body|one)|more|else))?{now}",
        ),
    ),
    Sentence(
        means=("resume",),
        phrases=(
            r"(?:you (?:can|may) )?(?:start again|carry on|go on|continue|resume)(?: (?:with )?{all})?{now}",
        ),
    ),
    Sentence(
        means=("status",),
        phrases=(
            r"what(?:'s| is) (?:the|my) status(?: of {letters})?", r"what(?:'s| is) (?:going on|new|happening)",
            r"how (?:are|is) (?:things|everything|it|{letters})(?: (?:going|doing|coming along))?(?: so far)?",
            r"how're things(?: going)?", r"how(?:'s| is) it going", r"how are we doing",
            r"where (?:do|are) (?:things|we|{letters})(?: (?:stand|at))?", r"any (?:news|updates?)(?: on {letters})?",
            r"who has(?:n't| not)? (?:answered|replied|agreed)(?: so far| yet)?",
            r"(?:is|has) {who}'s? letter (?:in|there|arrived|come in)(?: yet)?",
            r"has {who} (?:answered|replied|responded|agreed|said yes|said anything)(?: yet)?",
            r"(?:give|send|show|tell) me (?:the|a|my) status(?: of {letters})?",
        ),
        asks=True,
    ),
    Sentence(
        means=("plan",),
        phrases=(r"what(?:'s| is) (?:the|my) plan", r"what(?:'s| is) next", r"what (?:should|do) i do (?:next|now)",
                 r"(?:show|send|give) me (?:the|my) plan", r"when should i ask(?: {who})?"),
        asks=True,
    ),
    Sentence(
        means=("cv",),
        phrases=(
            r"here(?:'s| is) {my new}{cv}(?: as (?:a )?(?:pdf|word file))?",
            r"{my new}{cv} is attached", r"{attached is} {my new}{cv}(?: attached)?",
            r"i(?:'ve| have)? updated my {cv}",
        ),
    ),
    Sentence(
        means=("statement",),
        phrases=(
            r"here(?:'s| is) {my new}{statement}(?: as (?:a )?(?:pdf|word file))?", r"{my new}{statement} is attached",
            r"{attached is} {my new}{statement}(?: attached)?",
        ),
    ),
    Sentence(
        means=("cancel {who}",),
        phrases=(
            r"cancel (?:the letter (?:of|from|by) {who}|{who}'s? letter|{who})",
            r"i (?:no longer need|don't need|do not need) (?:a letter from {who}|{who}'s? letter)(?: any ?more)?",
        ),
    ),
    Sentence(means=("cancel {who}", "forget {who}"), phrases=(r"(?:forget(?: about)?|drop|remove) {who}",)),
    Sentence(
        means=("cancel {who}", "pause"),
        phrases=(r"stop (?:asking|writing to|mailing|e-?mailing|reminding|contacting) {who}",),
    ),
    Sentence(means=("forget {who}",), phrases=(r"(?:delete|erase) everything (?:about|on|of) {who}",)),
    Sentence(
        means=("forget me",),
        phrases=(r"(?:delete|erase|remove) (?:all (?:of )?)?my data", r"(?:delete|erase) everything(?: about me)?"),
    ),
    Sentence(
        means=("history {who}",),
        phrases=(
            r"what (?:did|has|have) {who} (?:say|write|said|written|answered?)(?: so far| to me| back)?",
            r"show me (?:the|all|my) (?:mails?|e-?mails?|history|correspondence)(?: (?:with|from|to) {who})?",
        ),
        asks=True,
    ),
    Sentence(
        means=("export",),
        phrases=(r"(?:send|give|export)(?: me)?(?: all)?(?: of)? my data", r"export everything"),
        asks=True,
    ),
    Sentence(
        means=("update",),
        phrases=(r"send (?:everyone|(?:all )?my mentors) an update", r"update (?:everyone|(?:all )?my mentors)"),
    ),
    Sentence(
        means=("help",),
        phrases=(r"what can (?:i|you) (?:do|write|say)(?: here)?", r"how do(?:es)? (?:this|you|it) work",
                 r"(?:i need |i need some )?help(?: me)?"),
        asks=True,
    ),
)  # fmt: skip


@cache
def _compiled(phrase: str) -> re.Pattern[str]:
    numbers = count(1)  # a name may stand in two branches of a phrase, and a group has its name once

    def pattern(slot: re.Match[str]) -> str:
        name = slot[1]
        return _SLOTS[name] if name in _SLOTS else rf"(?P<{name}{next(numbers)}>\S.{{0,118}}?)"

    return re.compile(_SLOT.sub(pattern, phrase), re.IGNORECASE)
