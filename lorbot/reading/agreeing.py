"""The phrases in which a mentor agrees to the first ask.

Invariant: phrases are over the plain form of a sentence ("can't" is "can not"); only what is FIRM may be acted on.
"""

from lorbot.core.reading import Stance
from lorbot.reading.rules import ASKED, START, rule

FIRM, WEAK = 2, 1  # the strengths of a yes that may be acted on, and of one that only points that way

_WRITE = (
    r"(?:write|do|sign|provide|support|recommend|serve|act as|be (?:one of )?your"
    r"|help(?: you)?(?: out)?(?: with (?:this|it))?)"
)

IDIOMS = (  # a yes in negative words: read first, and taken away from the rules of refusal
    rule(
        Stance.YES,
        r"(?:how|why) (?:could|can|would|am) i (?:supposed to |ever |possibly )*(?:say no|not|refuse"
        r"|turn)\b(?! to that without)",
        r"(?:do|can|could) not (?:see|think of) (?:any (?:reason )?)?why not",
        r"(?:can|could) not (?:think of|imagine) (?:anyone|a (?:better|student))[^.]{0,50}",
        r"(?:would|will|did|do) not (?:have to |even )?(?:hesitate|think twice)(?: for)?[^.,]{0,12}",
        r"(?:without|no) (?:any )?(?:reservations?|hesitations?|qualifications?|qualms)(?: whatever| at all)?",
        r"not for a second|say no more|no need to (?:butter me up|ask)|would i hesitate",
        r"without (?:blinking|having to reach|a second thought)",
        r"(?:thought|think) you would never ask",
        r"you (?:do not|hardly|need not|did not) (?:even |really )*(?:have|need"
        r"|had)? ?(?:to )?(?:even )?(?:ask|worried about asking)",
        r"no need to (?:even )?ask",
        r"(?:could|would) not (?:stop|keep) me",
        r"not (?:about|hardly) to (?:turn you down|say no)",
        r"hardly going to turn you down",
        r"never turned (?:one|you|anyone|down)[^.]{0,40}",
        r"do not need to think about (?:that|it|this)",
        r"(?:would not|do not want to) miss (?:it|the chance)",
        r"i do not mind at all",
        r"no (?:one|body) i would rather (?:write|do|recommend|put)[^.]{0,20}",
        r"can not wait to write",
        r"(?:the letter|it|this) is no trouble(?: at all)?",
        stages=ASKED,
        strength=FIRM,
        unless=r"\bbut\b|\bif you|you have (?:me|my) (?:whole|full)? ?admiration|if you just",
        consumes=True,
    ),
    rule(
        Stance.YES,
        START + r"(?:sure,? |that is |it is )?(?:no|not a) (?:problem\w*|prob|worries|trouble)(?: at all)?(?=\W*$"
        r"|[,.!] |\W+(?:kiddo|just|i|send|happy|it))",
        stages=ASKED,
        strength=FIRM,
        unless=r"that you asked|\bno from me|if you ask",
        consumes=True,
    ),
)

AGREEING = (
    rule(
        Stance.YES,
        START + r"(?:ok(?:ay)?,? |well,? |honey |oh |hell |aw,? |short answer,? |big )?"
        r"(?:yes|ok(?:ay)?(?=\W*$|[.!]| i can)|yep|yup|ya|yeah|sure|of course|course|ofc|absolutely|certainly"
        r"|definitely|gladly|naturally|obviously|affirmative|roger|totally|indeed|happily|will do|can do"
        r"|my pleasure|deal|alright|all right|fine by me|with (?:great )?pleasure|you bet|easy (?:yes|one)"
        r"|say no more|consider it done|done and done|you got it|by all means|any ?time|claro que si|s[ií], claro"
        r"|count me in|put me down|sounds good|happy to|love to|delighted|k will do|for you, any"
        r"|it would be hard for me not to|would be honou?red)\b",
        stages=ASKED,
        strength=FIRM,
        unless=(
            r"^\W*(?:yes|yep|yeah|sure|of course|certainly),? i (?:will|can|would|could) (?!(?:\w+ ){0,2}(?:write"
            r"|do|be|support|help|provide|recommend|serve|act|love|like|sign))|(?:yes|happy|love) to (?:lunch"
            r"|looking|support you however|hear|have|see|read|meet|talk|chat|help with (?!this|the letter))"
            r"|of course (?:you should|i will read)|course i will read|mock interview|naturally (?:i|you) (?:would"
            r"|have)|yes or (?:a )?no|yes to (?!the letter|it)|fine, but|sure (?:you|if|it)\b|happy to (?:help"
            r"|support)[^.]{0,30}(?:other|else|however)|sure i am|yes, (?:i know|i can see)"
            r"|certainly (?:appreciate|remember|enjoyed|understand)|it is a yes on|happy to (?:talk|chat|discuss)"
        ),
    ),
    rule(
        Stance.YES,
        rf"(?:happy|glad|delighted|pleased|honou?red|thrilled|proud|content|keen"
        rf"|more than willing) to (?:gladly )?{_WRITE}\b",
        rf"(?:would|will) (?:be )?(?:love|glad|happy|like) (?:to )?{_WRITE}\b",
        r"(?:would|will) be (?:very |so |only |more than |really |quite |truly )*(?:glad|happy|delighted"
        r"|honou?red|pleased|proud|thrilled|tickled)(?: to)?\b(?! to (?:meet|talk|chat|discuss|look|read|hear"
        r"|see|answer|sit|connect|do (?:a|mock|practice|interview))| if)",
        r"(?:it|that) (?:would|will) be (?:a|an|my|such a|for me a|truly a|quite a|a real|a great"
        r"|for me an) (?:pleasure|honou?r|privilege|joy|treat)",
        r"it is (?:for me )?(?:a|an|my) (?:\w+ )?(?:pleasure|honou?r|privilege|joy)\b",
        r"an hono(?:u)?r, and",
        r"i (?:will|shall) (?:gladly |happily |certainly |absolutely |definitely |of course |be )*(?:do it"
        r"|write|writing|do (?:one|that|this|yours|the letter))\b(?! (?:if|when|to you|to me|back))",
        r"i would (?:gladly|happily) (?:do|write|support|recommend)",
        r"i would (?:and i will|write (?:you )?(?:two|ten|one tomorrow|it today|it again))",
        r"(?:put (?:me|my name) down|add my name|put my name (?:down|behind you|to you)|list me|count me (?:in"
        r"|among)|consider me (?:one|in)|consider it done|you can use me)",
        r"you (?:have|can have|shall have|will have|have got) (?:my (?:full |whole |complete "
        r"|every )?(?:support|yes|vote|word)|your letter|a (?:strong )?letter)",
        r"(?:my|the|your) answer (?:to [^.]{0,30})?(?:is|was|will be) (?:always |of course |an? "
        r"|obviously )*(?:\w+ )?yes",
        r"(?:is|it is) (?:a |an )?(?:\w+ )?yes(?: from me)?\b(?! or)",
        r"letter,? yes|yes to (?:the|a|your) letter|yes from me|letter: (?:yes|obviously|of course)",
        r"goes without saying|mean a (?:lot|great deal) to me to|already on the list",
        r"i would write again|(?:of )?course i (?:will|would|can)(?=\W*$|[!.,]| write| do| support| help| gladly)",
        r"i would write you (?:two|ten|three)|going to enjoy|be able to support you",
        r"am able to support you",
        r"(?:was|been) (?:wondering|hoping|waiting)[^.]{0,20} (?:you (?:would|were going to)|this email)",
        r"(?:leave it with me|you are in luck|you earned (?:it|this)|you have earned|vouch for you"
        r"|i am (?:all )?in(?:$|[.!,])|i am on board|i am in for|i accept)",
        r"i would (?:be|have been) (?:cross|annoyed|hurt|insulted|offended|upset)",
        r"tell them so in writing|in a heartbeat|any day of the week|not going to say no|wild horses",
        r"hard for me not to rave",
        r"i (?:can|could) (?:certainly |definitely |absolutely |easily |honestly )*(?:do (?:that|it"
        r"|this) (?:for you|and)|write (?:you )?a (?:very |really |genuinely )?(?:strong|good|great|excellent"
        r"|detailed))",
        r"(?:strong|good|great|glowing) (?:letter|one|and supportive)[^.]{0,20}(?:will not be hard|is easy"
        r"|no problem)",
        r"(?:let us|letus) do it",
        r"(?:it|this) will be a (?:very )?(?:strong|good|great) one",
        r"the letter i can do|you have (?:me|my support)",
        stages=ASKED,
        strength=FIRM,
        unless=(
            r"\bif (?:no one|you (?:can not|are stuck|have no)|nothing else)|(?:happy|glad|pleased) to (?:help"
            r"|support)[^.]{0,30}(?:other|else|however)|yes or|support your (?:plans|decision)|before i (?!sit"
            r"|start|write|begin)|\bso: "
        ),
    ),
    rule(
        Stance.YES,
        r"i am (?:able|prepared|ready|game|willing)\b(?! to (?:confirm|supply))|\bdo it\b|i can (?:do|write)\b",
        r"i can$|i could do it|you (?:will|shall) (?:get|have) (?:one|it)\b",
        r"(?:best|strongest|finest|top|sharpest) (?:\w+ ){0,3}(?:student|sub-i|resident|volunteer|intern"
        r"|scribe|i have had|all year)",
        r"put (?:that|it) (?:on paper|in writing)|mean (?:every word|it)|sing(?:ing)? your praises|rave about",
        r"enjoy (?:writing|doing)",
        r"(?<!\w)(?:\+1\b|👍)",
        r"(?:would|will) rather it was me|you were (?:the|my) ",
        stages=ASKED,
        strength=WEAK,
    ),
)
