"""The phrases that change what a mentor said before: a withdrawal, a yes that cools, second thoughts, one more letter.

Invariant: these hold only after a first yes; at that stage silence about writing is the rule, so every phrase here
speaks of the letter itself and not of a day or a form.
"""

from lorbot.core.reading import Stage, Stance
from lorbot.reading.rules import LATER, rule

_YET = (  # a "can not" that is about a day and not about the letter
    r"until|by (?:then|friday|the)|this week|before (?:the|then)|submitted|uploaded|on time|in time"
    r"|(?:by|until) (?:mon|tue|wed|thu|fri|sat|sun)|make the \d+|not going to make"
)

CHANGED_MINDS = (
    rule(
        Stance.NO,
        r"(?:find|ask|use|get|want|have|go to|go with|be) (?:\w+ ){0,3}(?:someone|somebody|another (?:writer"
        r"|person|letter|doctor)|your backup)(?: else)?\b",
        r"another (?:writer|person) to (?:go|ask)",
        r"(?:can not|will not|not going to|unable to|no longer (?:able|willing|going)|not (?:be )?able"
        r"|not willing|never (?:going to|agreed)|can no longer)(?: (?:be|to|able|now|in good conscience|going"
        r"|i|really|actually|after all|going to))* (?:do (?:it|this|the letter|your|letters|one|that|the)"
        r"|write|provide|get to (?:it|this)|be writing|do after|finish|issue|support|follow through|go ahead"
        r"|proceed|complete it|submit (?:it|one|a letter))\b",
        r"(?:have to|must|need to|going to have to|want to|decided to|will have to|got to) (?:back out"
        r"|pull out|drop out|withdraw|walk (?:it |this )?back|take (?:it|that|this|my|back)|bow out|renege"
        r"|step (?:back|aside|down)|decline|pass|hand this|let (?:you|this) (?:down|go)|say no|drop (?:it|this"
        r"|all|everything))",
        r"(?:so )?i am (?:out\b(?! of (?:the )?(?:office|town|time|country))|backing out|withdrawing"
        r"|pulling out)",
        r"back(?:ing)? out|gotta renege|to walk back|dropping everything|letting everything go",
        r"not going to happen|is not going to happen|changed my mind|wrong of me to proceed|decided against",
        r"second thoughts[^.]{0,30}take it back|be of no use|no use to you",
        r"(?:take|took) (?:me|my name|you) off (?:your|my) list(?: of writers)?|take my name off|without mine",
        r"not (?:be )?writing (?:it|one|you|for|the)|have a rethink",
        r"not the (?:right )?(?:person|one) (?:for this|to write)|do not (?:write for|owe you)",
        r"it was in the negative|after all\b[^.]{0,5}$|look elsewhere",
        r"will not be (?:doing|writing)|swap my name",
        r"(?:i )?(?:do not|did not|never) (?:remember|recall|think i|believe i)[^.]{0,20}agree[^.]{0,40}(?:not"
        r"|no)\b",
        r"not (?:won|wait) on me|do not (?:wait on|count on) me|(?:legal|hr)[^.]{0,40}(?:can not|says)",
        r"i (?:can not|could not) (?:write|be writing)|^\W*(?:i am sorry,? )?i can not\W*$|was not able to",
        r"(?:so|and) i (?:can not|can not)\W|have no (?:choice|letterhead)|let you down on this|had to drop",
        r"for anyone who trained|i never agreed",
        stages=LATER,
        strength=6,
        unless=(
            r"do you have|with no computer|not (?:backing out|saying)|if you can not get|for someone else(?! )"
            r"|letter for someone|for one of|may have to|might have to|not (?:going to )?(?:let|back)"
            r"|do not know (?:yet )?if|tell you|some(?:one|body) (?:should|else at|in our|to (?:upload|reset|fix))"
            r"|(?:can not|will not|not)[^.]{0,40}(?:" + _YET + r")|what(?:'s| is) wrong|do it (?:until|before"
            r"|this week|today|tonight|from)|log ?in|portal|pretend"
        ),
    ),
    rule(
        Stance.UNDECIDED,
        r"second thoughts|on the fence|think (?:it|this|that) over|think about whether",
        r"have not (?:decided|made up)|not (?:made up|settled in) my mind",
        r"whether (?:i|mine|my name|i still|this)|back and forth|still (?:deciding|thinking|going back)",
        r"before (?:i|we) (?:go (?:any )?(?:further|on)|say whether|put pen|sign|decide)|yes or (?:a )?no\b",
        r"did i (?:say|agree)|had i agreed|had i said|if i can (?:keep|still)|may have to (?:back|pull|bow)",
        r"might (?:not )?have to|may not be (?:able|permitted|allowed)|see about me|reconsider",
        r"not sure (?:i|if i) (?:can|should|am|still|want)|until somebody tells me|i would decide",
        r"not signing up|depends|hang on|let us see where|then i will see|i will see\W*$",
        r"do not (?:remember|recall) (?:agreeing|saying yes)|might not be permitted|hangs on",
        r"i want to understand|not know yet if",
        stages=LATER,
        strength=5,
        unless=(
            r"whether (?:it|the|they|to (?:address|send|use))|whether (?:i|mine) (?:did|got|went|should (?:send"
            r"|address|use|mention))|wet ink|depends on (?:the|my) (?:site|portal)"
        ),
    ),
    rule(
        Stance.LUKEWARM,
        r"(?:keep|lower) your (?:\w+ )?(?:expectations|hopes)|do not (?:expect|hope|put it in|count it)",
        r"short(?:er)? (?:one|side|letter|than)",
        r"(?:going to|it is|will) be (?:\w+ )?(?:short|brief|thin|generic|a paragraph|average|two paragraphs)",
        r"middle of the road|generic|average letter|as glowing",
        r"not (?:be )?(?:as|very|that|so) (?:strong|glowing|long|detailed|personal)|nothing (?:fancy|special)",
        r"less (?:to say|of this)|less than i|not (?:a lot|much|enough) (?:there|in it|to say|i could)",
        r"little (?:to say|of what)|(?:six|two|few|four) (?:lines|paragraphs|sentences) (?:in me|and)",
        r"stronger (?:ones|letters?)|not lead with|in the first slot|not (?:have )?much in it",
        r"barely (?:supervised|know|knew|remember)|can not (?:picture|call much)|running out of things",
        r"only write to the|a paragraph|something (?:thin|modest|short)",
        r"came up (?:a bit )?short|what i (?:offered|can say)|i can say you|recycled",
        r"year changed|very little to say|a good deal less|more mileage|fourth letter",
        r"missed most|limit what i|not know you|honest(?:ly)? say|lukewarm",
        stages=LATER,
        strength=4,
        unless=(
            r"short (?:note|reply|staffed|notice|answer)|not short|keep it short|(?:form|box|limit|portal"
            r"|statement|cv|packet)[^.]{0,30}(?:paragraph|lines|sentences)|(?:need|want|write|send|give"
            r"|jot)[^.]{0,30}(?:you|me)[^.]{0,20}(?:paragraph|lines)|two things|working on"
        ),
    ),
    rule(
        Stance.YES,
        r"(?:yes|sure|of course|gladly|happy to|glad to|course i will|with pleasure|no trouble|by all means"
        r"|yes too|love to)\b[^.]{0,60}\b(?:too|as well|also|another|one for|in addition|separate|that one"
        r"|both|again|scholarship|add)\b",
        r"(?:another|a second|separate|other|as well|both)[^.]{0,60}(?:no trouble|yes|with pleasure|gladly"
        r"|i will do|happy to)",
        r"(?:never|not) (?:actually )?(?:answered|replied|wrote back|responded|got back)[^.]{0,50}",
        r"you have my yes|answer (?:on the [^.]{0,20})?(?:was|is|has) (?:always )?yes|(?:was|is) a yes",
        r"is yes now",
        r"yes,? (?:i|of course i|i will) (?:will |would |can )?(?:gladly )?(?:love to )?(?:write|do (?:it|one"
        r"|both|that))\b",
        r"course i will|yes i would love|write (?:again|you (?:another|for any))",
        r"i would write (?:it )?(?:again|you)|i will do both|i am in for that|count me among|come to me first",
        r"do another|another for the [^.]{0,30}|it is yours|one more is",
        r"yes yes yes obviously|answer to your question[^.]{0,40}yes",
        stages=LATER,
        strength=3,
        unless=(
            r"yes or no|i see|calendar|i know|separate form|already|uploaded|mailed|not do|will not|guess i can"
            r"|another (?:request|link|copy|email|reminder|week)|one for (?:him|her|them)|if you (?:need|cannot)"
        ),
    ),
    rule(
        Stance.YES,
        r"if (?:it comes to|you (?:ever )?need) (?:a second|another)[^.]{0,60}(?:write|do)",
        r"whenever [^.]{0,60}count me|for residency in[^.]{0,30}write",
        stages=frozenset({Stage.UPDATED}),
        strength=3,
    ),
)
