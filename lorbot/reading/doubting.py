"""The phrases in which a mentor refuses, doubts or agrees with a reservation when first asked.

Invariants: phrases are over the plain form of a sentence ("can't" is "can not"); the strongest stance found wins:
a last resort over a refusal, a refusal over a doubt, a doubt over a reservation.
"""

from lorbot.core.reading import Stance
from lorbot.reading.rules import ASKED, START, rule

LAST_RESORT, REFUSAL, DOUBT, RESERVATION, FAINT = 7, 6, 5, 4, 1

_WRITE = r"(?:write|do|take|sign|commit|provide|support|recommend|help|be able|add|manage|offer|say yes|accept)"

LAST_RESORTS = (
    rule(
        Stance.LUKEWARM,
        r"if (?:you are )?(?:really |completely |ever |still )*(?:stuck|desperate|short|in a bind|pinch)\b",
        r"if (?:push comes to shove|it has to be me|all else fails|they both (?:pass|say no)|worst comes)",
        r"if (?:\w+ ){0,3}(?:no one|none) (?:else )?(?:\w+ )?(?:can|will|comes|is|says|turns|available|steps)",
        r"if (?:you )?(?:really |truly )*(?:can not|do not|have not|come up|end up|should) (?:\w+ )?(?:find"
        r"|found|have|empty|get|one letter|needing)[^.]{0,20}(?:anyone|someone|else|empty|short|other)?",
        r"if you (?:have|find|get|are left with) (?:no (?:one|other)|nothing|none)",
        r"should you still be one short|as a (?:last resort|fallback|backup|fourth)|last resort|plan b\b",
        r"if you (?:still )?need (?:a |one )?(?:third|fourth|extra|more)",
        r"(?:not|rather) (?:be )?(?:make me |my )?(?:your )?(?:first|strongest|main) (?:one|choice|letter)",
        r"in the first slot|your (?:third|fourth) letter|fill (?:the|a) (?:third )?(?:slot|gap)|third slot",
        r"fourth letter|put my name last",
        stages=ASKED,
        strength=LAST_RESORT,
        unless=(
            r"stuck on what|(?:no|none) of (?:us|them) (?:can|may)|i only write|^\W*(?:no|not)\b"
            r"|if you end up taking"
        ),
    ),
)

REFUSING = (
    rule(
        Stance.NO,
        START + r"(?:no|nope|no,? sorry|i can not|can not|could not|unable to|not (?:this (?:time|cycle|year|one)|able"
        r"|for me)|no can do|i must decline|i (?:had )?better not|i would rather not|gonna pass|going to pass"
        r"|i decline|sorry,? (?:i can not|no|not))(?: (?:this (?:year|time|cycle|yr|term)|around"
        r"|sorry))*(?=\W*$|[,.;] ?(?!matter|doubt))",
        rf"(?:can|could|will|would|shall|may|do|am) (?:just |simply |really |unfortunately |probably )*(?:not"
        rf"|no longer)(?: (?:be|feel|honestly|in good conscience|going|able|allowed|permitted|comfortable"
        rf"|in a position|willing|the|to|right now|really|ever|think i can|believe i can|see how i can"
        rf"|see myself))* {_WRITE}\b(?! (?:that )?(?:tuesday|thursday|monday|wednesday|friday|it justice|enough"
        rf"|more|to (?:be )?(?:very|a)))",
        r"(?:have|need|am going|will have|am afraid i (?:have|must)|must|think i will|going"
        r"|would like) (?:to )?(?:decline|pass\b|say no|sit (?:this|these)|bow out|turn (?:this|you)|refuse"
        r"|let this one|step aside|opt out)",
        r"(?:i will|i would|so i) (?:\w+ )?(?:pass|decline|step aside|sit this|stay out|leave it to"
        r"|have to say no|say no)\b",
        r"(?:i am )?(?:not|no longer) (?:able|in a position|allowed|permitted|comfortable|taking|writing"
        r"|accepting|doing|willing|going to be able|going to (?:do|write|take)|the (?:right|best|person|one"
        r"|letter writer)|your|eligible)\b(?! sure)(?! to do tuesday)",
        r"(?:i am|me|time) (?:afraid )?(?:it is |that is )?(?:a |going to be a )?(?:no|nope)\b(?! (?:good"
        r"|problem|trouble|expert|poet|writer|doctor))",
        r"(?:is|one is|it is|that is|just) (?:a |going to be a |not going to be a )?no(?:pe)? from me|a no from",
        r"answer (?:i have )?is (?:a |an )?(?:\w+ )?no\b|kindest answer|would be no\b",
        r"(?:my )?hands are tied|not something (?:i|we) (?:do|can)|does not (?:let|allow|permit)",
        r"do not (?:let|allow|permit) (?:us|me)|barred from|forbids|against (?:our )?policy",
        r"not (?:proper|possible|appropriate|ethical|right) for me|conflict of interest",
        r"(?:legal|hr|policy|rules?|compliance)[^.]{0,40}(?:will not|can not|do not|does not|not allowed"
        r"|prohibit|only|forbid)",
        r"(?:find|ask|try|use|go (?:with|to)|want|choose|pick|seek|look for|approach) (?:\w+ ){0,2}(?:someone"
        r"|somebody) (?:else|who|with)",
        r"better (?:you )?ask(?:ing)? (?:someone|another)|better (?:off|served) (?:with|by|asking)",
        r"look(?:ing)? elsewhere|going elsewhere|from someone else|(?:letter|it|one) should come from",
        r"leave (?:it|this) to someone|ask someone else|best to leave me off",
        r"(?:doing|do) you (?:any |a )?(?:favou?rs?|disservice)|(?:would|will) not (?:be doing|serve|help) you",
        r"best of luck with your|i regret (?:that )?|unfortunately,? i (?:am|can|will|have)|with regret",
        r"(?:at|over|reached|hit|past|beyond|have) (?:my|the|a) (?:cap|limit|quota|max)",
        r"(?:that is|is) (?:my limit|where i stop)|(?:already|on my plate)[^.]{0,30}(?:enough|my limit|full)",
        r"plate is full|full up|swamped, sorry|limit is|spoken for",
        r"no (?:more )?(?:capacity|bandwidth|slack|room)|can not take",
        r"(?:i (?:am|have) )?(?:retired|stepped (?:down|back)|hung up|stopped writing|left (?:academics"
        r"|medicine|clinical|the (?:university|hospital)))\b",
        r"i (?:do not|no longer|never|only|restrict|stop|stay out)[^.]{0,12} (?:do|write|take|give"
        r"|provide)?[^.]{0,12}(?:letters|these|references|for (?:anyone|people|our own|students|family"
        r"|anybody)|them|one)\b",
        r"no (?:more )?letters?\b|letters? (?:i leave|i can not|is not something|are not)",
        r"a letter (?:from me )?(?:would not|is not)|count me out|can not this (?:year|time)",
        r"not the (?:right |best )?(?:person|one|guy|voice)|never saw you work|wouldn't be right",
        r"(?:would |will )?(?:rather|sooner) not\b",
        r"do not (?:think|believe|feel)[^.]{0,25}(?:right|best|appropriate|i (?:can|could|should|am)|be able"
        r"|serve|wise)",
        r"(?:can|could) not be (?:me|the one)|not writing any|can not put my name|unable to commit",
        r"outside the clinic on hold|everything [^.]{0,20}on hold",
        r"not be (?:proper|supportive|right|fair|appropriate) (?:for me|to|of me)|would not be\W*$",
        r"it would not be\b(?! (?:strong|very|as|long|the|a |generic|my|any))|no point in me",
        r"no work of any kind|out of the running|rule for everyone|rule here|does not issue|not wish to depart",
        r"another doctor|on (?:mat|parental|maternity|paternity) leave",
        r"do not have any\W*$|takes me out|let this one go by|what would i even|not me i am afraid",
        r"might be better served|needs? a (?:real doctor|radiologist)|no(?:t)? (?:business|any use|much use) ",
        r"not see it happening|where i would find the time|not get to it|made up my mind not",
        r"sit(?:ting)? (?:this|these) out|i would love to,? (?:but|i really)|love to but|wish i could",
        stages=ASKED,
        strength=REFUSAL,
        unless=(
            r"not (?:say|saying) no|not a no|can not (?:do|give|say) (?:you )?(?:a )?yes or|yes or no|(?:letter"
            r"|but|one) i can do|strong i can not|strong i can not|who can\W*$|over email|by email"
            r"|do not want to (?:burn|promise|let)|do not do (?:well|flowery)|if the answer is no"
            r"|can not (?:promise|do|write) (?:a )?(?:strong|more than|you (?:much|more)|much|you a strong)"
            r"|i would love to,? and|whether|not sure|do not know if|i (?:do not )?know if|if you can not|(?:until"
            r"|before|till) i|know about|not allowed to say|will not (?:let|write) you down|not going to (?:use"
            r"|have)|would it be|would not be able to (?:speak|say|comment|go)|no longer (?:than|be)|no more than"
            r"|not able to (?:speak|say|go)|not (?:be )?(?:in a position|able|feel able|permitted) to (?:say|speak"
            r"|remark|go|comment|add)|not feel able|not this time last|can not (?:start|begin|get to it) (?:until"
            r"|before)|do not (?:do|write) many|no (?:reservation|problem|objection|doubt)"
            r"|better (?:off )?(?:asking|with).*if|can not do (?:tuesday|thursday|monday)"
        ),
    ),
)

DOUBTING = (
    rule(
        Stance.UNDECIDED,
        START + r"(?:maybe|possibly|perhaps|probably|hmm+|we will see|depends|it depends|not sure|that depends|might"
        r"|let me think|can i sleep|i might)\b(?! (?:the best|you should|your|i should))",
        r"(?:let me|i will have to|need to|have to|want to|would like to|going to|i must"
        r"|give me (?:a )?(?:\w+ )?(?:days?|time|week|chance|until)?[^.]{0,12}) ?(?:think|sleep|chew|mull"
        r"|reflect|consider|decide|check|ask|clear|run (?:it|this)|pull|find out|look (?:at|over|through|into)"
        r"|turn it over|sit with|see|read|hear|talk to|discuss|review|confirm with|have a word|refresh)\b",
        r"(?:before|until|till) (?:i|we) (?:can )?(?:\w+ )?(?:answer|commit|decide|say|agree|give|promise|know"
        r"|tell|respond|reply|make|go any|sign|see|have seen|have (?:had|read|talked|looked|spoken)|talk|can"
        r"|put|let you)",
        r"(?:will|shall|would|can|may|could|should) (?:then )?(?:\w+ ){0,2}(?:decide|let you know"
        r"|get back to you|tell you|answer|give you (?:an|my) |have an? (?:answer|opinion)|come back to you"
        r"|be in touch|circle back|know (?:whether|if|by|more|after|friday|monday)|revert|see if|see whether"
        r"|say whether|be able to say)\b",
        r"(?:will|you will) have (?:my|an) answer|my answer (?:by|on)|hear from me (?:by|on|either)",
        r"(?:not|can not say|do not know|am not|not entirely|not quite|unsure|not certain|uncertain|torn"
        r"|ask(?:ing)?|know|decide|out|see|say|tell you|honestly|sure|asked|hear|question of|wonder"
        r"|about) (?:yet )?(?:if|whether)\b",
        r"(?:depends|hinges|hangs|comes down|contingent|subject to|conditional)\b(?: on| to)?",
        r"(?:either way|one way or the other|yes or (?:a )?no|go(?:ing)? either way|on the fence"
        r"|back and forth|torn\b|undecided|not a no|make up my mind|made up my mind|mulling|thinking (?:it"
        r"|about it) over|still thinking)",
        r"(?:do not|can not|will not) (?:hold me|count on me|promise|give you (?:a|an) (?:yes|answer)|commit"
        r"|make promises|say yet|say yes)",
        r"making no promises|no promises|too early|a bit soon|no answer until",
        r"(?:who are you|who is this|(?:which|what) (?:\w+ )?(?:are you|is this|were you)\b(?! (?:thinking"
        r"|applying|planning|going|looking|leaning|hoping|still))|(?:do not|can not|not sure i) (?:remember"
        r"|recall|place) you|drawing a (?:complete )?blank|were you the one|how do (?:we|i) know"
        r"|did we (?:meet|work)|where do i know you)",
        r"(?:ask|try|check|catch|come) (?:with )?(?:me|back)(?: \w+)? (?:again|in|at|after|on|toward|once|when"
        r"|during|mid|next|end)\b",
        r"then (?:ask|i will (?:tell|answer|decide|say|see))|ask me (?:again|once|then)|after this i answer",
        r"if (?:step|they|it is (?:surgery|due|pathology)|i am (?:back|still)|that is ok with (?:hr|my)"
        r"|my (?:chair|boss|department)|the (?:chair|office|department|hospital|school|dean) (?:says|allows"
        r"|lets|okays|agrees)|i think i can|i can (?:do you justice|stand behind|find)|i am comfortable"
        r"|not,? i (?:might|could)|so,? i (?:might|could))",
        r"(?:let us|we should|should we|could we|can we|would like (?:us )?to|would want (?:us )?to|come|stop"
        r"|swing|drop) (?:\w+ ){0,4}(?:first|before (?:i|we)|then we will see|and we will find out|decide)\b",
        r"before (?:anything|i say|any answer)|talk first|honest conversation|hear your side",
        r"need (?:the|an?) (?:ok|okay|approval|permission|sign-?off|clearance|go-ahead)|signs? off on",
        r"need(?:s)? to (?:approve|sign off|clear)|put the question to|a question in to",
        r"(?:even|still|are|is) (?:permitted|allowed) to|what would you want (?:me to say|it to say|in it)",
        r"would they even (?:take|accept)|does it have to come from|get(?:ting)? back to you",
        r"am i (?:really )?the right",
        r"i (?:would|will) (?:want|need|have|like) to (?:\w+ ){0,3}(?:first|before)|first,? then",
        r"who else is writing|who is writing|how many (?:people|do you|others)",
        stages=ASKED,
        strength=DOUBT,
        unless=(
            r"do not need to think|before i (?:start|begin|write|sit down|get started)|not need to think"
            r"|let me know|maybe you|see if you can|check my spelling|so (?:we|i) (?:can|get|know)"
            r"|would not have to|wouldn't|perhaps (?:you|we) (?:could|can|should) (?:send|meet|sit|talk)"
            r"|not be (?:very|as) (?:strong|detailed)|not sure (?:how strong|it adds|what i would|that)"
            r"|if you (?:are stuck|can not find)"
        ),
    ),
)

RESERVING = (
    rule(
        Stance.UNDECIDED,
        r"remind me (?:which|how|who|when|where|again|what)",
        stages=ASKED,
        strength=FAINT,
    ),
    rule(
        Stance.LUKEWARM,
        r"(?:^\W*)(?:yes|sure|ok(?:ay)?|fine|happy to),? (?:but|although|though)\b(?! only if you come)",
        START + r"(?:i guess|i suppose|guess i|suppose so|if you (?:must|insist|like)|reckon i|fine,? (?:but|if"
        r"|do not)|fine\W*$|fine, fine)",
        r"i (?:guess|suppose) (?:so|i (?:can|could|am))",
        r"(?:happy|glad|willing|able|prepared|can|could) (?:to )?(?:certainly )?(?:confirm|attest|verify"
        r"|vouch that)",
        r"can (?:certainly )?(?:confirm|attest|verify)|factual|of a factual",
        r"(?:generic|general|average|mediocre|middle of the road|lukewarm|boilerplate|bare-bones|wooden"
        r"|recycled|run of the mill|so-so|form letter|stock|polite one|thin|modest|middling)\b(?! (?:internal"
        r"|surgery|medicine|practice|hospital|med|pediatrics|surgeon))",
        r"(?:be|is|on|run|come out|comes out|pretty|rather|fairly|quite|very|bit|a) (?:on )?(?:the "
        r"|a )?(?:\w+ )?(?:short(?:er|ish)?|brief|limited|thin|vague|bland|basic|sparse|light)\b(?! (?:notice"
        r"|walk|talk|call|reply|answer|chat|time|staffed|note|email|meeting|handed|form|version|of))",
        r"(?:do|did|does|could|would) not (?:\w+ )?(?:really |actually |quite |personally )*(?:know|remember"
        r"|see|work with|supervise|recall|observe|get to know|overlap)(?:ing)? (?:you|much|a lot|enough"
        r"|that much|more than|very)",
        r"not (?:know|known|see|seen) you (?:\w+ )?(?:well|much|enough|long)",
        r"know(?:n)? you (?:only|little|a little|least|just|mostly|mainly)",
        r"(?:only|barely|hardly|scarcely|just|never) (?:really |ever |briefly |had |have )*(?:know|knew|met"
        r"|worked|saw|seen|had you|overlapped|supervised|shadowed|remember|have|had|got|interacted|crossed"
        r"|there|with|around|watched)\b",
        r"(?:we|i) (?:only |really |just )+(?:\w+ )?(?:worked|overlapped|met|had|were|spent|shared|know|saw)",
        r"only (?:two|three|four|five|six|a (?:few|couple|week|day)|one|ten|\d+) (?:\w+ )?(?:weeks?|days?"
        r"|shifts?|afternoons?|mornings?|sessions?|times?|clinics?|months?|hours?)",
        r"for (?:exactly |just |only )?(?:one|a|two) (?:week|day|afternoon|morning|couple)",
        r"(?:nothing|not (?:be )?(?:anything|very|that|super|as|the (?:most|strongest|longest|best)"
        r"|going to be (?:much|anything|very|long|strong|the))) (?:\w+ )?(?:fancy|special|detailed|strong|much"
        r"|personal|glowing|long|big|beyond|more|else)?",
        r"(?:there|is|was) (?:is )?(?:not|only so|little|a limit)[^.]{0,15}(?:much|lot|so much) (?:i|in it|to"
        r"|there|that)",
        r"not (?:have )?(?:much|a lot|enough|plenty)(?: \w+)? (?:to (?:say|go on|add|put|work|write)|i"
        r"|material|of my own|in it|examples|about)",
        r"little (?:i|to) (?:could|can|say|go)",
        r"(?:keep|lower|manage|temper) your (?:\w+ )?(?:expectations|hopes)|do not (?:expect|hope)",
        r"(?:not expect|hope for) (?:much|something|too)|expectations low",
        r"(?:strong|glowing|great|enthusiastic|outstanding|stellar|detailed)[^.]{0,25}(?:\bno\b|can not|not"
        r"|is a bit|more than|word)",
        r"(?:can not|not|would not|will not)[^.]{0,20}(?:be |call it |write you a |promise )(?:strong|glowing"
        r"|great|standout|enthusiastic|the strong)",
        r"more than strong|supportive (?:more|rather)",
        r"(?:more than|beyond|past|further than|outside of?|other than|apart from) (?:that|this|dates"
        r"|attendance|the|it)\b[^.]{0,30}(?:would|can|could|not|up to|have|there)",
        r"(?:say|speak|go|add|comment|offer|put)[^.]{0,20} (?:beyond|further than|more than) ",
        r"(?:nothing|anything|much) (?:more|beyond|further)|that is (?:about )?(?:it|all|the extent)",
        r"about the extent|all (?:i|that i) (?:can|could|would|really|have|ever)",
        r"(?:someone|anyone|others?|people|him|her|they|one|hers|his|residents?"
        r"|fellow)[^.]{0,40}(?:knows? you (?:far |much )?(?:better|more)|(?:saw|seen|sees|knew"
        r"|worked)[^.]{0,15}(?:more|better)|better than (?:i|me)|stronger|carry (?:more|a good)|more weight"
        r"|be better|mean (?:more|something)|serve you better|do (?:it|you) better|best person)",
        r"you (?:can|could|might|may|would|should) (?:probably |definitely )?(?:do better|be better"
        r"|want (?:a fourth|someone)|find better)",
        r"stronger (?:letter|ones?|options?)|better (?:letter|choices?|options?|fit|placed)|other options",
        r"more mileage",
        r"(?:the )?(?<!not the )(?:same|standard|stock|usual|template) (?:\w+ ){0,2}(?:letter|page|one|note"
        r"|form)",
        r"everyone (?:who|gets|in)|(?:everybody|all the) \w+ gets?|they read (?:rather )?alike",
        r"(?:a|one|two|couple(?: of)?|few|three|four|five|six|about|string) (?:\w+ ){0,2}(?:paragraphs?|lines"
        r"|sentences)\b",
        r"(?:a little|short) note|certificate",
        r"(?:write|be|give) (?:you )?(?:an )?honest(?: letter| one| about|ly)|honest letter",
        r"would have to (?:be honest|mention|say|include)",
        r"(?:it|letter) (?:will|would) (?:have to )?(?:mention|include|say)|has to go in|ok(?:ay)? letter",
        r"b letter|write okay|decent|adequate|satisfactory|no complaints|were no trouble|were not any trouble",
        r"did (?:fine|ok|what was asked)|were (?:fine|nice|pleasant|polite|punctual|on time|quiet)|came on time",
        r"no objection|do not (?:really )?mind|i do not have a problem",
        r"if (?:that is|it is|you are|this is) (?:\w+ )?(?:ok|okay|good|fine|any use|of (?:any )?use|enough"
        r"|useful|what you|still the|with that)",
        r"if that (?:helps|works|is)|if (?:it is )?(?:any|of) use|up to you|your call|obliged to|suit yourself",
        r"either|not sure (?:how strong|it adds|what i|how much|that)|weigh that|keep in mind",
        r"should know (?:that )?(?:all|it|going|this|what|my|i only|our)|bear(?:ing)? in mind",
        r"with that understood|on that understanding|in fairness|be (?:candid|upfront)|name rings a bell",
        r"can not (?:place|picture|call|speak)|mostly|paraphras|secondhand|second hand|off your evals",
        r"based on (?!the strength)",
        r"(?:i )?could (?:write|do|put|say|manage|sign|tick|provide|certainly write|draft|probably|string"
        r"|fill)\b",
        r"if you want me i suppose|would (?:lean|look|suggest|recommend|think you should|use them|go with)",
        r"you should look|i would do it if",
        stages=ASKED,
        strength=RESERVATION,
        unless=(
            r"(?:could|can) (?:you|we|i get|i see)|kidding|will not be hard|nothing for you to do|(?:send|email"
            r"|jot|need|write down|give me)[^.]{0,60}paragraph|(?:could not"
            r"|do not|did not|never) (?:have )?(?:do|ask) (?:it|for) better|no (?:reservations|one)|only (?:sub-i"
            r"|student|resident|one who)|only (?:ever )?(?:had|seen|met) (?:one|two|a few) (?:like|as)"
            r"|you could do worse"
        ),
    ),
)
