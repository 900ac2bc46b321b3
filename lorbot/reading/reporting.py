"""The phrases in which a mentor reports: sent, attached, under way, late, stuck, the wrong person, no more mail.

Invariant: phrases are over the plain form of a sentence; what is said of another student's letter, or of a day to come,
is ruled out by `unless`.
"""

from lorbot.core.reading import Signal
from lorbot.reading.rules import ALWAYS, ASKED, LATER, START, rule

REPORTS = (
    rule(
        Signal.SUBMITTED,
        START + r"(?:just |already |i )*(?:uploaded|submitted|sent|faxed|filed|e-?mailed|posted|mailed|transmitted"
        r"|delivered|all sent|all in|all done|all set)\b",
        START + r"(?:done|did it|finished|filed)\b(?=\W*$|[.!,]| and dusted| last| on| yesterday| this"
        r"| sat)(?! and done)",
        r"(?:i|we|was|has been|have been|is|got|just|already|been|she|he|it|letter|mine|yours|secretary"
        r") (?:have )?(?:just |already |also |now |been |it |finally )*(?:uploaded"
        r"|submitted|faxed|filed|mailed off|transmitted|sent (?:it|mine|yours|that|the letter|your letter|in"
        r"|off)|sent\b(?= (?:to|by|on|last|yester|mon|tue|wed|thu|fri|sat|sun))|posted it"
        r"|pressed the button|put (?:it|the letter) (?:in|into|through|up)|clicked the button)",
        r"(?:it|that|mine|letter|one|yours|this|both|(?:schools?))(?:'s| is| has| have"
        r"|,)? (?:all )?(?:is )?(?:been )?(?:already )?(?:just |only |now |all )?(?:it )?(?:in\b(?=\W*$|[.!,]"
        r"| now| already|,)|gone (?:off|in|up)|went (?:in|up|off|out)|been (?:in|up|sitting|there)|went up"
        r"|up on|in their hands|sent|submitted|uploaded|filed)\b",
        r"(?:it|that|mine|yours) (?:is|has been) (?:already )?(?:up|in (?:the system|eras|amcas|interfolio"
        r"|the portal|place))",
        r"in the mail since|put it in the system|sitting in (?:the system|amcas|eras|interfolio|the portal)",
        r"have had it (?:from me )?since|had it since|you are all set|set on my end|says delivered",
        r"gave me (?:a )?(?:green|confirmation)|confirmation (?:number|email|page|\d)|green (?:check|tick)",
        r"now in their hands|went (?:up|in|off|out) (?:on|last|this|yesterday|two|mon|tue|wed|thu|fri|sat|sun)",
        r"letter has been|is through|^\W*that is in\b|should find me sitting|sent by registered|it has gone off",
        stages=LATER,
        unless=(
            r"do i |you put it|it is attached|signed, not|(?:will|shall|going to|once|not yet|tonight"
            r"|tomorrow|tries to|i (?:need|have) to|before it) [^.]{0,25}(?:upload|submit|sent|done|go|in)"
            r"|(?<!it)(?<!that)(?<!letter)(?<!else)'s (?:off|on|is|letter|submitted|\w+ and)|sent (?:me|to me|you"
            r"|them back|[a-z]+'s|the packet|a (?:photo|card))|(?:submitted|uploaded|sent) (?:[a-z]+'s|your own"
            r"|the other|the request)|have you|did you|did they|been sent a|thought i|could have sworn|grades"
            r"|if it (?:is )?not|assumed|sent it to spam|was sent to|will be (?:in|up|sent|done)|half|grant"
            r"|in hand\b|in the (?:pile|works|out tray)|not submitted"
            r"|you (?:have )?sent|consider it|all set for|sent from|went to (?:spam|junk)|when you have submitted"
            r"|not (?:gone|been|in)|once it|until it|has not|that is in the|error|hit submit|nothing"
            r"|before (?:it|the)|signed|written, printed"
        ),
    ),
    rule(
        Signal.SUBMITTED,
        r"(?:filed|uploaded|submitted) (?:it|the letter|one|yours)|it is already (?:up|in)\b",
        r"already (?:filed|uploaded|submitted)",
        stages=ASKED,
        unless=r"will|\?",
    ),
    rule(
        Signal.PROBLEM,
        r"(?:link|page|portal|site|website|system|form|request|uploader|login|server|url|code|button|upload"
        r"|password|it|account|letter id|eras|interfolio|amcas|lorp|aacomas|tmdsas"
        r"|caspa)\b[^.]{0,40}(?:expired|dead|broken|error|will not (?:let|accept|take|load|open|have|work)"
        r"|would not (?:let|accept|take|load|open)|does not (?:work|open|recogni[sz]e|load|accept|let)"
        r"|did not work|not (?:work|working|found|recogni[sz]ed|accept)|keeps? (?:\w+ )?(?:crash|giving"
        r"|telling|kick|log|say|fail|ask)|spins?|blank|invalid|rejects?|rejected|bounced|logs me|locked|404"
        r"|crash|throws me|demands|wants a|kicked|freez|times out|timed out|failing|failed|is not playing"
        r"|(?:is|been|was|are) down since)",
        r"(?:server|site|network|portal|website|eras)[^.]{0,20}(?:is|been|was|'s) down",
        r"(?:locked out|error \d+|server error|expired|never (?:got|received|came|ever got)|not (?:gotten"
        r"|received|arrived)|did not (?:get|receive) (?!to |a chance)|nothing (?:from|has (?:ever )?come"
        r"|waiting|in my|yet from)|(?:could|can) not (?:get|make|log|open|upload|access|face"
        r"|submit)[^.]{0,30}(?:in\b|site|accept|link|upload|it to|portal|past|system|work|password)|zilch"
        r"|no (?:link|request|email) (?:yet|from|came|has)|dead end|not in (?:my )?(?:junk|inbox)"
        r"|is not in my inbox|gave up on|give up on|404|over the size|size limit|will not let me"
        r"|no account for|help ?desk|ticket|hit submit and|login page|withdrew the request|too many password"
        r"|no way in|no button|not found|that is as far as|wrong (?:dr|doctor|name)|says (?:it is )?expired"
        r"|system has you as|shut me out|without one)",
        stages=ALWAYS,
        unless=(
            r"(?:to get past|past the login|finally|but (?:your|the) letter is now|sorted it|problem solved"
            r"|worked (?:in|after)|no problem|i got your|never (?:got|received) (?:a|the|an) (?:answer|chance"
            r"|feedback|round)|did not (?:get|receive) (?:a|the) (?:cv|statement|grade)|never got round|not (?:got"
            r"|gotten) (?:to|around)|letter is now in|server'?s? up)"
        ),
    ),
    rule(
        Signal.NEEDS_MORE_TIME,
        r"(?:need|want|have|take|give me|could use|until|can i have|require|be)\b[^.]{0,20}(?:more|another"
        r"|extra|a further|an additional|a few more|few more|\d+ or \d+ more) (?:\w+ )?(?:time|days?|weeks?)",
        r"a further week|extension",
        r"(?:running|going to be|will be|it be|be|mine|is going to be|come in|figure on it being|little"
        r"|bit) (?:\w+ )?(?:late|behind)\b",
        r"miss(?:es|ing)? (?:the |your |that |my )?(?:deadline|date|friday|monday|cut-?off|\d+)",
        r"(?:make|meet|hit|in time for) (?:the |that |your )?(?:deadline|date|\d+(?:st|nd|rd|th)?|cut-?off"
        r"|friday)\b",
        r"any (?:give|slack|wiggle|flexib|leeway|room|chance of more)",
        r"(?:slack|give|leeway|wiggle room|flexib\w*) (?:in|on|with) (?:it|that|the|your)",
        r"(?:can|could|would|will) (?:they|it|the (?:school|program|committee)|your committee"
        r"|programs)[^.]{0,30}(?:wait|take it|accept|stretch|be persuaded|stand|survive)",
        r"can i have (?:until|through|till|it)|have until|give me (?:through|until the \d)",
        r"after (?:your|the) (?:date|deadline|cut-?off)|past (?:your|the) (?:date|deadline|1st|\d+)",
        r"not (?:be )?(?:ready|finished|done) (?:by|in time)|days, not weeks",
        r"(?:later|behind) than (?:your|the|you need)|after you need it|push(?:ed|es)? (?:it|us|the)",
        r"is (?:tight|beyond me|out of the question)|need (?:until|till|through|past)",
        r"not going to make (?:it|the)|would not hold|will not (?:hold|be (?:this|in time|in)|make)",
        r"not by (?:monday|friday|then)|a week past|date does not work|asking? them for grace|wrong side of it",
        r"i would want until|realistically (?:it|october|september|november|the)",
        r"buy me (?:a )?(?:few|some|time)|can not be this week|about two weeks after|week or so behind",
        r"week after\b",
        unless=(
            r"late (?:reply|response|answer)|sorry (?:for|to be|about) (?:the|being|this|late|with)|reply"
            r"|running (?:things|the)|my fault for|being late with this|late as ever|my (?:deadline|grant)"
            r"|due before my|letter (?:before|two) |remind|nudge me|poke|is it (?:the )?same|well before|ahead of"
            r"|decide|answer|talk|think|let you know|before i|tell you|more time (?:with|together)|do not worry"
            r"|get to it, tolu, this week or any|going to happen, i am sorry|see you|before the"
        ),
    ),
    rule(
        Signal.PROGRESS,
        r"(?:will|shall|going to|plan to|hope to|intend to|am) (?:\w+ ){0,3}(?:have it (?:done|in|by|to)"
        r"|get (?:it|to it|this|yours|started|on it)|be (?:done|in|there|with|finished|up|along|submitted"
        r"|sent)|upload|submit|finish|do (?:it|yours|that|this)|start|knock it|send (?:it|in)|go out"
        r"|working on|doing it|writing|file it|post it|attend to it|sit down with|tackle|turn to|be (?:there"
        r"|with them))\b",
        START + r"(?:on it|will do|working on it|tonight|tomorrow|sunday|monday|tuesday|wednesday|thursday|friday"
        r"|saturday|this (?:week|afternoon|evening|weekend)|almost (?:done|there)|nearly (?:done|there)"
        r"|in hand|half written|half done|started (?:it)?|doing (?:it|this)|finishing|writing now|first thing"
        r"|in progress|under way|underway|it is coming|next week|by friday|promise|great\. on it|got it under"
        r"|it is on my)\b",
        r"(?:on|in) my (?:list|calendar|desk|schedule|diary|to-?do)|next (?:in|on|up|in line)\b[^.]{0,12}",
        r"(?:yours is|you are) (?:the )?next|you will (?:have|get) (?:it|the letter|one|something)",
        r"they will have it|it will (?:be (?:in|done|there|with|up|along|submitted)|go|get|come in|leave)",
        r"(?:is|it is|letter's|letter is|have it) (?:half |mostly |nearly |almost |already |being "
        r"|just )*(?:written|drafted|finished|started|signed|done|underway|coming|half)\b",
        r"under control|blocked (?:off|out)|have (?:already )?(?:started|begun|drafted)",
        r"i (?:finished|started|signed)",
        r"(?:started|chipping away|typing|working on|finish(?:ed|ing)|signed) (?:it|at it|up)",
        r"doing (?:it|yours)|typing it|goes (?:up|in|out|off)|off it goes|one more read",
        r"get(?:ting)? (?:it|this) (?:in|done|off|to you)|going out|hit the button|coming together",
        r"hitting the (?:other )?button|before (?:then|that|the \d+)!?\W*$|i owe you|said i would do it",
        r"will get to it|get it (?:in|done)|count on it|knock it out|fair copy|two thirds|all clear",
        r"will sort it|sit down with it|out tray|keep at it|drafted|number two of|need (?:until|till) the \d+",
        r"give me \d[^.]{0,20}days|can have it by|more days\W*$",
        stages=LATER,
        unless=(
            r"at \d|is good|is tight|but wednesday|could we|for your (?:sister|brother)|as if i|(?:will|can) not"
            r"|not (?:going|be|able)|\bif you (?:put|write|draft|send)|uploaded (?:this|last|yesterday)"
            r"|finished yesterday and sent|next step|you write|is it|\?$|(?:i will (?:let you know|tell you|decide"
            r"|sign))|(?:went|been) (?:in|up)|to (?:the|your) interview|(?:not|never) (?:started|begun)"
            r"|have not (?:started|begun)|it is in\W*$|what i wrote|wrote (?:you|for you|it last)"
            r"|going to (?:be late|miss)|late\b|write for you|letter i wrote|attached|by then|this one|good luck"
            r"|next slot|when you|they will have|could you|can you|free |at \d|are you|how "
        ),
    ),
    rule(
        Signal.PROGRESS,
        r"(?:will|going to) (?:\w+ ){0,2}(?:knock it out|get (?:it in|started|written|to it)|start (?:on )?it"
        r"|be (?:done|with them|in) (?:by|before|on))",
        r"starting on it|doing it this|start on it|get it in before|get written",
        r"it will be (?:done|in|finished) by|will do yours|do yours (?:sunday|this)|over the (?:long )?weekend",
        r"settled",
        stages=ASKED,
        unless=r"thought|will not|(?:before|until|then) i|let you know|think|decide",
    ),
    rule(
        Signal.STOP,
        r"(?:no|without) (?:more|further) (?:\w+ )?(?:reminders?|emails?|e-mails?|prompts?|messages?|mails?"
        r"|of these|needed|till|until)",
        r"(?:please |kindly |can you |could you |just )?(?:stop|quit|cease|enough with) (?:with )?(?:the "
        r"|these |those |it\b|all |sending|emailing|writing|reminding|checking|contacting|apologizing me)",
        r"(?:do not|not) (?:\w+ ){0,2}(?:send|email|write|contact|remind|reply|message)(?: to)? (?:me|here|any"
        r"|to this|again|about|anything)",
        r"take (?:me|us|my (?:address|name|email)|this address)[^.]{0,30}off\b",
        r"off (?:the|this|these|your|whatever)[^.]{0,20}(?:list|updates)|unsubscribe|remove (?:me|my)",
        r"no reminders|let (?:it|that|this) be the (?:last|end)|leave me (?:off|out|alone)|kindly cease",
        r"take me off|drop me from|stand down|no need to (?:keep|send|write)|leave me off|last time we",
        r"my (?:address|email) out of|delete (?:my )?(?:number|email)|not getting any more|not to get any more",
        r"please stop|stop the reminders|be the last",
        r"spare us both|rather not (?:get|have) (?:any )?more|do not ask again|need not write",
        r"out of your system|would be grateful if you did not|out of the next",
        r"twice was plenty|be directed to me|(?:too many|enough) (?:of these|reminders|emails)",
        unless=(
            r"do not (?:you dare )?stop|not stop the|stop (?:apologi[sz]ing|worrying|by|in\b|at|me|taking"
            r"|writing letters)|best to leave me off|(?:no|without) (?:more|further) (?:questions|letters)"
            r"|list of writers|off my list|i (?:stopped|stop) |wait on me|can not stop|could not stop|stop me"
            r"|no more till i|hold off|keep (?:me|us) posted|tick me off"
        ),
    ),
    rule(
        Signal.WRONG_PERSON,
        r"wrong (?:person|address|email|\w+ )[^.]{0,12}",
        r"(?:meant|intended|not) (?:for|to reach) (?:me|a different|another|someone|my|the other)",
        r"meant (?:another|for another|a different)",
        r"(?:for|after|meant|to|want|the|a) (?:a )?(?:different|other) (?:dr|doctor|mr|ms"
        r"|[a-z]\. ?[a-z]+)\b",
        r"^\W*not me\b|i am not (?:the|a) (?:dr|doctor|person|one you)",
        r"(?:the|one) (?:\w+ ){0,3}you want(?:ed)?\b[^.]{0,30}\b(?:is|in|over)\b(?! for this)",
        r"you (?:want|mean|meant|are (?:after|looking for)) (?:the|a)? ?[a-z]+ [a-z]+ in\b",
        r"wrong (?:number|inbox)|never (?:met|heard of|supervised|taught) you",
        r"(?:used|belongs?|belonged) to (?:be )?(?:dr|the|whoever|a)|was (?:dr\.? )?[a-z]+'s account",
        r"not sure who you are|do not know you or|whoever (?:this|you|is)|general inbox|shared [a-z]+ inbox",
        r"left in \d{4}|this address (?:was|used|is|prints)|inherited the address|mailbox was recycled",
        r"intake inbox|is (?:his|her) (?:daughter|son|wife|husband)|not (?:a|the) doctor\b",
        r"you have (?:got )?the (?:wrong)|who (?:were you|are you) trying to reach",
        r"was not meant|was for me|i have taken over this role",
        r"(?:for|to) the other (?:dr|one)|same (?:last )?name",
        unless=(
            r"letter you want|wrong (?:side|button|one|date|file|letter|link|kind|month|name|form|version|password"
            r"|place)|not for me to|is not me|if (?:anything|you)|not the (?:right|best) person|wrong person for"
            r"|in (?:him|her)\b.*strong|kidding|does it matter|i am a letter|wrong in|wrong to|wrong of"
            r"|who(?:ever)? (?:has|is not|else)|anything wrong|what(?:'s| is) wrong"
            r"|never supervised you (?:closely|directly)|not me i am afraid|made out to|not me:"
            r"|that i am not a doctor|ask someone"
        ),
    ),
    rule(
        Signal.LETTER_ATTACHED,
        r"(?:letter|reference|it|copy|pdf|word file|what i (?:wrote|have got)|scanned|one|recommendation"
        r"|finished thing)\b[^.]{0,30}(?:'s|is|are|as|am|,)? ?(?:\()?(?:attached|enclosed|appended|annexed"
        r"|clipped|in the attachment|an attachment|on this (?:e?mail|note)|with this message"
        r"|at the bottom of this|on here as)",
        r"^\W*(?:attached|enclosed|appended|see attached|signed copy attached)\b",
        r"(?:attached|attaching|enclosed?|herewith|attachment)\b[^.]{0,30}(?:letter|reference|recommendation"
        r"|what i wrote)",
        r"attachment for the letter|here you go|here is what i have|see attached",
        r"letter(?:'s| is) (?:in the )?attach|have the letter, attached",
        r"(?:find|enclose) the (?:letter|reference)|here is the letter|here it is|putting the finished",
        r"copy is on this mail|a copy's attached|the pdf on this",
        unless=(
            r"\b(?:screenshot|form|handout|certificate|photo|picture|ferpa|schedule|flyer|sheet|cv|article"
            r"|evaluation|invitation)\b|attached is (?:you\b|the (?:format|sample|form))|for (?:another)"
            r"|wrote for (?:a|[a-z]+ last)|forgot to attach|attached to (?:your|the)|you (?:attached"
            r"|attach)|to your interfolio|not attached|any attachments|files transmitted|confirmation|template"
            r"|pattern|ticket"
        ),
    ),
)
