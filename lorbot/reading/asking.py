"""The phrases in which a mentor asks for something: materials, a date, a way to submit, a talk, a draft, a later word.

Invariant: phrases are over the plain form of a sentence; a signal is about what is said in this reply, so what was
asked before, or of somebody else, is ruled out by `unless`.
"""

import re

from lorbot.core.reading import Signal
from lorbot.reading.rules import START, any_of, rule

REQUESTS = (
    rule(
        Signal.WANTS_MATERIALS,
        START + r"(?:\d\) )?(?:cv|(?:unofficial )?transcript|(?:your |the )?personal statement)\b(?= even|\W*$|\?)",
        r"(?:send|email|e-mail|shoot|forward|share|drop|bring|give|get|attach|need|want|like|have|see"
        r"|could i (?:get|have|see|trouble)|can i (?:get|have|see|read)|may i see|let me have|show|provide"
        r"|resend|pop|put together|pass along|require|include|look at|read)\b[^.?!]{0,60}\b(?:cv|transcript"
        r"|personal statement|statement|essay|scores?|summary|bullet|photo|poster|dates with me|abstract|ps"
        r"|poster|activities|evals?|evaluations?|headshot|log ?book|reflective piece|thesis|list of (?:what"
        r"|things|your)|brag|curriculum|papers|documents)\b",
        r"(?:jot|write|note|list|remind|type)[^.?!]{0,40}(?:down|out|me|up)?[^.?!]{0,30}(?:bullets?|points?"
        r"|highlights|things you|what you did|what you(?: would)? (?:like|remember|want)|which (?:semester"
        r"|projects?)|cases|brought out|dates you)",
        r"(?:five|six|few|some|couple|list of|bullet)[^.?!]{0,20}(?:bullets|bullet points|things you|points"
        r"|highlights|cases)",
        r"list from you|list of what you",
        r"(?:something|material|more|plenty|a page|paragraph|page|one[- ]pager)[^.?!]{0,12}(?:to (?:go on"
        r"|work (?:from|with))|about (?:yourself|why|you\b|your))",
        r"fill in the gaps",
        r"send (?:me )?(?:it|everything|your stuff|your materials|them|that|something) (?:over|along|on)",
        r"refresh my memory|never sent|did not (?:come|see|get|send|arrive)[^.]{0,20}(?:cv|transcript)",
        r"(?:forgot|not) (?:to )?(?:attach|include|in (?:it|here))|do not see (?:a|the|your)|opens as",
        r"will not open|resend|cv\?|^\W*-? ?(?:cv|unofficial transcript|transcript|your personal statement)\b",
        r"transcript did not|send it (?:as|over|along)|packet (?:was|is) empty",
        unless=(
            r"no need (?:for|to send)|do not (?:send|need)|(?:i|have|just|already|we) (?:\w+ )?(?:read|saw|got"
            r"|loved|reviewed|enjoyed|went through|love) (?:through )?(?:your|the|all|my|what)|going through"
            r"|based on|reading your|paraphras|the letter to say|resend (?:the )?(?:link|request)|send it again"
            r"|link|i have your (?:evals|cv)|thanks for (?:the|sending)|\bgo see\b|in my voice|(?:draft"
            r"|the way you would like it)|as if i|invitation|proof ?read|before (?:i|we) (?:have )?(?:read|see)"
            r"|copy the|pull (?:your|my)|nothing to|hand this|my (?:cv|papers)|photo of the|my evals|has (?:all"
            r"|the) (?:of )?(?:my |the )?evals|to see it"
        ),
    ),
    rule(
        Signal.ASKS_DEADLINE,
        r"when(?: is|'s| are| was| do| does| would| did| exactly| must| will| else)*\b[^.?!]{0,30}\b(?:due"
        r"|deadline|need|needing|want|close|closing|have it|they have|cut-?off|submit|to be in|be in)",
        r"(?:by when|what(?: is|'s)? (?:the|your|my|our|their)? ?(?:actual |latest |last |real |exact "
        r"|drop[- ]dead |closing |due |final )*(?:date|day|deadline|timeline|timeframe|time frame|due date"
        r"|cut-?off|moment)|(?:what|which) (?:date|day|deadline|time ?zone)|deadline\?|the (?:deadline"
        r"|due date|closing date)\b[^.?!]{0,20}\?|last date|how (?:long|soon|much time"
        r"|late)[^.?!]{0,20}(?:have|got|need|can|do you|is it)|drop[- ]dead|when is (?:it|this)|need it by"
        r"|what is the latest|date (?:on|for|of) (?:it|this|that|one)|the (?:date|deadline)\W*$|same date on"
        r"|whose time zone|real deadline|closing date|they a cut-?off|the last moment|start of the \d+"
        r"|is it the \d+\w* or|also by when|october 1 on page|day and month|forgot to say by when|(?:tell|give"
        r"|send|let) (?:me )?(?:know )?(?:the |what )?(?:date|deadline)|and (?:the )?(?:due date"
        r"|deadline)s?\b)",
        unless=(
            r"(?:got|have|noted|saw|know|make|meet|miss|before|ahead of|past|by|on|for) (?:the|your|that"
            r"|my) (?:deadline|date|due date)|due (?:the|on|date) [^.?]{0,14}got it|that date|two weeks before"
            r"|week before|provided|so long as|days before|when you need|slack|give in|out of the|deadline (?:is"
            r"|of|in|for)|when (?:it|you|i) (?:is|are|am) (?:due|needed)|as to timing|when i have the"
        ),
    ),
    rule(
        Signal.ASKS_HOW,
        r"(?:send|shoot|forward|get|give|email|mail|text|share|need|generate|have|pass"
        r"|trigger)[^.?!]{0,40}(?:the |a |another |new |me |that )(?:\w+ ){0,3}(?:link|form|url|letter id"
        r"|portal|instructions|address of the|request form|code|details of (?:how|where)|where to send)\b",
        r"(?:where|how|who|whom|to whom)(?: is| do| does| should| shall| am| can| will| would| ought| to| it"
        r"| exactly)*\b[^.?!]{0,12}\b(?:i |it |they |this |these |the letter |we )?(?:\w+ )?(?:submit|send"
        r"|upload|go(?:es)?|address|addressed|want(?:s)? it|stick|put it|make it out|click|works|get it"
        r"|writing to|mail it|get this|do this|want it sent|punch|write to|file)\b",
        r"(?:eras|interfolio|amcas|aacomas|caspa|tmdsas|vslo|portal|paper|online|on line|email|e-mail|pdf|box"
        r"|mail|website|upload|letterhead|sloe|dropbox|adcom)[^.?!]{0,30}\bor\b[^.?!]{0,60}(?:\?|$)",
        r"(?:is|does|do|will|would) (?:this|it|they|these|that|there)[^.?!]{0,40}(?:eras|interfolio|amcas"
        r"|aacomas|portal|upload|letterhead|form|link|website|hard copy|letter ids?|on paper|online"
        r"|mail me)\b[^.?!]{0,40}(?:\?|$)",
        r"(?:letter id|the link|which portal|what portal|which site|what site|which letter id"
        r"|what is the (?:link|address|portal|site|letter id)|interfolio or|the online thing"
        r"|letter request form|tell me how|what is the right one|send (?:the |me the )?(?:link|form)\b"
        r"|generate another|or (?:eras|interfolio|paper|amcas)\b[^.]{0,20}\?|address (?:them|it|these) to"
        r"|addressed|make it out|is there a (?:form|link|portal)|do (?:you|they) (?:send|mail) me|hard copy"
        r"|can you (?:send|generate|trigger)[^.?]{0,20}(?:again|another|link)|have them (?:send|re-?send)"
        r"|resend (?:the )?(?:link|request)|send it again|one upload|do they come with|read me the number"
        r"|how (?:does|do) (?:it|this|the)|which button|link (?:was|one more)|where do i|address of the site"
        r"|what are they after|number again|a plain letter instead|send (?:her |him )?the (?:form|link"
        r"|code))\b(?:\?|[^.]{0,20})",
        unless=(
            r"^\W*(?:email|send) (?:her|him|them) the|how (?:do|did) (?:we|i) know|how (?:the|your) (?:move|step)"
            r"|took me|link (?:is|'s|does|did|goes|takes|just|will|at the)|links?'s (?:dead)|where (?:you"
            r"|i) (?:are|am|would find|both)|under the letter id|nothing (?:from|has)|to address (?:your"
            r"|the concern)|sorry|where you land|(?:send|get|give|email) (?:the |mrs |her |him "
            r"|it )[^.?]{0,30}(?:link|form|code|address)[^.?]{0,20}(?:to (?:my|her|him)|and she)|(?:letter id"
            r"|form) (?:not|is invalid|came)|should go to|not found|on the form"
        ),
    ),
    rule(
        Signal.MEET,
        r"(?:let us|can we|could we|shall we|we should|would like (?:us )?to|want (?:us )?to|can you|could you"
        r"|may we|please|perhaps we (?:should|could)|happy to|can i|are you free|if you|should|we could|let me"
        r"|why not) (?:\w+ ){0,3}(?:meet|talk|chat|speak|call me|call\b|zoom|ring me|phone me|sit down"
        r"|catch up|sit|phone you|discuss|stop by|swing by|come by|get a coffee|grab|find a time|find fifteen"
        r"|have a conversation|buy you lunch|do 20)",
        START + r"(?:find|catch|grab|come (?:find|see)) me\b",
        START + r"(?:come|stop (?:by|in)|swing|drop (?:by|in)\b|pop (?:by|in|round)|call|ring|give me a (?:call|ring)"
        r"|phone|book|catch me|find me|schedule|set up|see me|buy me|let us talk|free |tues|wed|coffee|lunch"
        r"|dinner|beers)\b[^.]{0,40}\b(?:by|in|me|office|see|talk|coffee|find|time|minutes|us|round|around"
        r"|over|on me|home|friday)\b",
        r"(?:quick |phone |zoom |video |brief )(?:call|zoom|chat|talk)|hop on",
        r"have a (?:quick )?(?:word|chat|call|conversation)|let us talk",
        r"talk (?:first|before|it over|about it in)|until we have talked|sit down (?:for|with me)|in person\b",
        r"office hours|by my office|a coffee|coffee (?:at|on|thursday|first)",
        r"(?:fifteen|twenty|ten|15|20|30) min\w*|when (?:are|would) you (?:be )?(?:free|around|available)",
        r"(?:are|is) you (?:free|around)|free (?:for|on|wed|mon|tue|thu|fri)",
        r"\b(?:mon|tues?|wed|thurs?|fri)\w* at \d|by telephone|ring me|call me|phone you",
        r"(?:buy you|get|have|grab|for) (?:lunch|dinner|a coffee|coffee|a beer|beers|supper)",
        r"supper before|lunch is on|catch up by|come (?:over|see us|find me)|find a time|walk me through",
        r"propose two dates|on the phone|are you about",
        unless=(
            r"word with the|(?:had|over|yes to|to|for|at|between|my|after|during|before) (?:lunch|dinner|coffee)"
            r"|page rather|not by|can not (?:do|accept)|call (?:bell|schedule|straight|if a program)"
            r"|program (?:wants|you care)|wants to (?:call|talk)|want to call|on call|asked? (?:me )?again"
            r"|sit down (?:and|to) (?:write|do|with (?:it|this))|sit down with it|phone reference|phone them"
            r"|phone calls?\W*$|a phone call|half an hour (?:or|of)|spoken|we (?:met|talked)|mock|took|minutes ago"
            r"|interview (?:practice|prep)|help ?desk|sit down with this|in person\W*$|call no|ten minutes (?:ago"
            r"|,)|hour(?:s)? (?:m/w|are)|remind|met in person|you could call|telephone,|of it sunday"
        ),
    ),
    rule(
        Signal.DRAFT_REQUEST,
        r"(?:draft|write|type|put together|compose|prepare|start|do|make|knock out|ghostwrite|give|send"
        r"|provide|jot|rough|take|have|want)\b[^.]{0,70}\b(?:and|then|so|,|which|that|for) (?:\w+ )?(?:i"
        r"|me)\b[^.]{0,24}\b(?:sign|edit|tweak|fix|polish|clean|revise|punch|finali[sz]e|correct|adjust|paste"
        r"|rip|mess with|go from there|sharpen|put my (?:name|signature)|build on|react|make it sound|tear"
        r"|change|signing|flesh)",
        r"(?:draft (?:it|something|a letter|the letter|one|please)|(?:a|first|rough|your"
        r"|one page) (?:\w+ )?(?:draft|version|skeleton|pass at)|ghost ?write|write (?:it|the thing|the letter"
        r"|something) (?:yourself|up|out yourself|as me|for me to)|you (?:write|draft|compose|prepare"
        r"|do) (?:it|the (?:writing|text|thing|letter))|(?:in|with) my voice|put words in my|first crack at"
        r"|as if (?:i|i had) (?:wrote|written|done)|for (?:my )?signature|prepare the letter|do the signing"
        r"|i sign\b(?! it and)|type (?:it|something|one) up|i will sign (?:it|whatever)|sentences, not notes"
        r"|what you(?: would)? want the letter to say|letter you would (?:hope|like) to get"
        r"|the way you would like it to read|a draft|letter says, written|show me what you imagine|bones of it"
        r"|template i can)",
        unless=(
            r"prints it|you in my voice as|my (?:first )?draft|draft(?:ed)? (?:is|of yours|of it is)"
            r"|first draft of yours|is drafted|it is drafted|a first draft (?:is|done)|working on a draft|dates"
            r"|off a template|never (?:off|put)|i do not do|separate version|before i sign on|not writing"
            r"|do the writing\.|i had the version|write honestly|put my name to letters|send you a draft"
            r"|separate version|version of it|scanned|sign(?:ed)? what is in"
        ),
    ),
    rule(
        Signal.REMIND_LATER,
        r"(?:remind|nudge|ping|poke|prod|bug|pester|chase|text|tug|email|e-mail|write|hit|ask|try|contact"
        r"|catch|check with|knock|resurface|get back in touch|drop me a line|send me (?:another|a (?:note"
        r"|reminder))|follow up|float|come find|check (?:back|in)|raise your hand|send up a flare|circle back"
        r"|drop by|be in touch)\b(?: to)? ?(?:with )?(?:me|my sleeve|this|back|again|us|in touch|up|your hand"
        r"|my inbox|to the top|on)\b[^.]{0,24}\b(?:again|in (?:a |two |three |\d|january|february|march|april"
        r"|may|june|july|august|september|october|november|december|mid|the (?:fall|spring|summer|new|last))"
        r"|after|before|around|at the end|on the \d|on (?:mon|tue|wed|thu|fri|sat|sun|\w+day)|next|once|mid-?"
        r"|toward|when|if you (?:do not|have not)|the (?:week|monday|first|day)|wed\b|thu|mon\b|fri|sunday"
        r"|monday|tuesday|wednesday|thursday|friday|saturday|a week|during|later|closer|if it|in \d|nearer"
        r"|seven|just|as soon)",
        r"if (?:you|it|i) (?:do not|have not|has not|is not|have gone|am not)[^.]{0,40}(?:email|remind|ping"
        r"|write|text|send|nudge|poke|tug|bug|shout)",
        r"a poke|live by the|come knocking|a reminder (?:would|in|the|around|closer)",
        r"next (?:cycle|year|spring|fall)[^.]{0,30}ask|not (?:going to )?stop the reminders|i need poking",
        r"then ask\b|ask me then|keep (?:on )?(?:nudging|reminding)|had nothing from me|ask again",
        r"write me again|try me (?:again|on|mid)|bug me|nudge me|ping me|poke me|prod me",
        unless=(
            r"(?:no|not|do not|stop|never|quit|kindly|need not) (?:\w+ ){0,4}(?:remind|nudge|ping|email|write"
            r"|contact|ask (?:again|me again)|emails?)|i will (?:write|email|ask|text|ping|check|try|remind"
            r"|get back|circle)|thanks for (?:the )?remind|remind me (?:which|what|who|of|how|where|when"
            r"|again what)|asked me|shall i|tell me again|i (?:asked|ask)|asks after|i would write|write (?:you"
            r"|me up)|before you ask|ask (?:dr|her|him|the)|tell (?:your|her|him|them)|when you are|i have to"
            r"|writing"
        ),
    ),
)

REDIRECTS = any_of(  # with a name beside it, these send the applicant to somebody else
    r"(?:ask|try|contact|see|better|best|write to|go to|talk to|go with|approach|reach|that is dr)\b",
    r"(?:(?:would|you) want|our|my \w+|instead|in my place|for me|in my stead)\b",
    r"(?:knows?|saw|had you|seen|worked|watched|carry|hers|his|weight|stronger|first|fellow|proper|willing) ",
    r"(?:offered|happy to) ",
    r"(?:copy|copied|cc|assistant|secretary|office|uploads?|uploading|handles|runs|keeps|looks after|load it)\b",
    r"(?:sends them|submits?|does (?:all )?(?:my|of|the)|link|code|form|prints|scans|in my office)\b",
    r"(?:the one|you want|want|wanted|email is|address is|for the other|meant for|his is|hers is|look after)\b",
    r"(?:has me|said she|will take it|reach him|is at|cover for)\b",
    r"[\w.+-]{1,64}@",
)
NOT_REDIRECTS = re.compile(
    r"(?:told|tell|telling|asked|say hi|love to|hello to|works? with|spoke to|talked to|singing|beat"
    r"|dinner with|heard|says it)\b (?:dr|mr|ms|mrs|prof|me|my|your|by)"
    r"|^\W*(?:dear|hi|thanks|best)\b|evals from|\b(?:legal|hr)\b|keep in touch"
)
RHETORICAL = re.compile(  # questions that need no answer, or that are the answer
    r"say no|why (?:would|not|me)|sleep on it|who else were you|would i hesitate|who has time"
    r"|where do the years|who can\?|residency already|write you a letter|after you|what can i say"
    r"|how (?:about|lucky)|did i|never answered|isn't it|, right\?|would you\?$|ok\?$|okay\?$"
    r"|a second thought|supposed to|what would i even|what is one more|you know\?|mind if|am i really"
)
