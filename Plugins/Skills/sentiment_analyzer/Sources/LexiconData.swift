// Data of VADER 3.3.2, (c) 2016 C.J. Hutto, MIT licence: see LICENSE.vader.txt beside this folder.
// Left out are the entries that no lookup can reach (those with a space or a capital letter); of an entry that the
// published file lists twice the later value stands, as it does for the reader of that file.

extension Lexicon {
    /// One line per group: a valence, then the words that have it.
    static let valences: StaticString = ###"""
        -3.9 rapist
        -3.8 raping slavery
        -3.7 fu kill murder rape terrorist
        -3.6 hatefulness hell motherfucker murderer raped rapers terrorism
        -3.5 fatality killed killings rapes suicidal suicide torturers
        -3.4 apocalyptic brutalizing cancer catastrophe devil evil evilly excruciation faggot fucked horrific killing
        -3.4 murdered raper shittiest tragedy twat villains
        -3.3 dead devastating evillest excruciating fucker heartbroken horrifyingly killer killers murderers murdering
        -3.3 nigger rapists terrorised terrorises terroristic terrorize whore
        -3.2 abuse abusive betray brutalises brutalizes d8 d:< devastative doomed dreadfulness faggots fatally
        -3.2 fuckface fuking hated hatred hellish kia murderee murderous pissed scumbag terrorisms
        -3.1 187 4q abhorrent angriest brutal bullied cocksucker crisis devastate dickhead direful disaster enslave
        -3.1 evildoer evildoing evilness fuckhead fucktard hopelessness molests murderees murderously poisoners racism
        -3.1 shithead sluttiest terrorise terrorists terrorized terrorizes vile violence worst
        -3.0 </3 abusivenesses bastards betrayed bitchiest brutality brutally destructive devastated disgustedly
        -3.0 dismal douchebag dx foetor fubar horridnesses infuriated murders racist saddest terrified terrorising
        -3.0 terrorizing torturing traumatization whores
        -2.9 182 >;( abhors afu anguish assassination bitches brutalised brutalize bullying cruellest cruelness
        -2.9 cruelty cunts d; death devastators die disastrous disgust disgustingly drowned eviller excruciatingly
        -2.9 fatalities fuckers harshest havoc horrifically horrifies irate molestations murderousness obliterate
        -2.9 poisonously sinister torture v.v villainess villainously violent war warmonger wickedest
        -2.8 ^urs abduction abusively assault assaultive assholes betrayal bitch brutalising bullshit condemnation
        -2.8 contempt cruel cruelly damnified degrading devastates devastator devilry deviltry dooming doomsday
        -2.8 enraging ffs fraud greediest harassers heartlessly heartlessness horrendous jackasses maddest
        -2.8 miserableness molesting motherfucking obscene offensively perverts poisoning rageful remorselessness
        -2.8 repulse ruin ruinate scams slut stab traumatically traumatise ugliest violently warmongers whored wtf
        -2.7 >:( >:-( agonizing anger anguishing antagonizing assassinations attacker attackers bastardly bastardy bfd
        -2.7 bitchery brutalise chaos corpse criminals crude degradingly depression despaired despairs despising
        -2.7 destruction devils dishonest dreaded dreadfully drown evils excruciate fearing fuming furious fury
        -2.7 grievousness grim h8 hate heartbreak horrifying horror horrors humiliation injustice insanity joylessness
        -2.7 laziest loathing miseries misery moronic negative nfc painfulness pathetic poisoner poisonous poisons
        -2.7 retarded ruination ruinous scam sluts sluttier son-of-a-bitch stealing terrifying terrorization torturous
        -2.7 totalitarianism tragically traumatic travesty treasonous ugliness unlovable villainousness virulent weep
        -2.7 wrathful
        -2.6 );< abuser abusers abuses alarmingly ban bankrupt bastardising bfe bitched bitchily bitchiness
        -2.6 brutalities cheating cocksuckers compassionless crappy cruelest damnation damnatory destroying destroys
        -2.6 destructionist died disasters disgustful distraught dumbass dumbhead enrage fascist fired gloom
        -2.6 harassments harmfully harmfulness harming humiliatingly hurtfully idiotic illegal infuriates killingly
        -2.6 lousiest lowbred miserliness murderesses nastinesses nasty perversity petrifying po prejudicial punishers
        -2.6 punishing rage rancidity rancidness riot rob robber ruinously sadden savageness shamed shit shitheads
        -2.6 shitty sin sinful starved stressfully stupidnesses terriblenesses terribly terrifies terrors tortured
        -2.6 victimizing villain villainy violater wars whoremonger woebegone
        -2.5 :-###.. :-|| :@ ]:< abusiveness aggravate ass assaults assfucking bad bastard betraying betrays chastise
        -2.5 cheater choke crestfallen crime curse d-': dangering despisements destroy destructing enemy evildoings
        -2.5 evilest fail fatal fearfullest felonies felony fraudster fuck fuked goddam harassed harasses harassing
        -2.5 harassment harm horrible horrid horrified horrify hostility humiliate joyless kills lamebrained livid
        -2.5 lousy outraged perverted petrified pissants poison poorest prisoner racists rancid rancidly rejection
        -2.5 rudest savagery sickened sluttishness snafu sobs sorrowfulness stinkpot strangled stupider suffer tard
        -2.5 tortures troubling uglinesses unhappiest victimising victimize violating wanker warmongering whoresons
        -2.4 :###.. :'-( abandonment abhorred agonises appall arrogance assaulted bastardization bastardize brutalized
        -2.4 casualty conspiracy contemptuously criminal crudest crueller damnifying damnit danger dangered
        -2.4 degradation dehumanizing despisement destruct destructively destructiveness destructs devastatingly
        -2.4 devilkin dirtiest disgusted disgusting dissatisfying distress distressfulness distrusted doomsdays
        -2.4 dreadfuls dreading dullsville evildoers fkm foreclosures fraudsters frustrated goddammed harasser
        -2.4 horribleness horribly humiliations hurt hurtful indignation infuriating liars loneliest loser losers
        -2.4 lying mofo mourns naggiest nastiest neglected nfw painfully pita poisonings prejudicialness puke punish
        -2.4 raging reek retard revenge revengeful sabotage saddened sadder savages scandalous shamefulness sickening
        -2.4 sorrow sorrowed spite spited stenchful stinking stupid stupidest sucker sufferers swindle terror thief
        -2.4 threat threatening tragical trapped traumatised traumatism traumatize unhappier unhappiness unhealthy
        -2.4 viciousness violated violaters violations violative violator warred weepiest whoredoms wicked wth
        -2.3 ):{ 3:-( abducted abused agonised agonize agonizes agonizingly angered angers angrier angry assaulting
        -2.3 bastardised bastardises bastardizing bitcheries bitchy bitterest blameworthy brutalizations cheated
        -2.3 condemns crueler cruelties cwot damaging dearth dejecting depressed depressingly despairing destroyers
        -2.3 destructions devilishness devilled dick disappointment disconsolate disheartenment disturbing
        -2.3 disturbingly doa downhearted dumb dumbest effin egotist failed failing failure fiasco foetid frauds
        -2.3 fraudulence frightful grieving grouchiest hatefully hating horridness hurter idiot ignoramuses
        -2.3 impolitenesses incompetence insult insulted insultingly irritant irritation lazier liar molester
        -2.3 mourningly nastier negativity numbskull obnoxiously offending offensiveness outcry outrage outrages pain
        -2.3 panic pervert petrifies pollute poverty prblms prejudice prison prisoners punitive regrettable rejected
        -2.3 rejectee remorseless riots rotten shamefaced shamefulnesses sick slutty sorrower sorrowfully spitefully
        -2.3 spitefulnesses starves steals stench stenchy stinkard stressful stricken stupids suckers terrify thieves
        -2.3 torturer traumatizing troublesome trustless ugly unethical unjust unloving unprofessional victimization
        -2.3 villainies violates weakest worsen ||-:
        -2.2 )-:< 3:( 4col :'( aching agonized angering annoyer antagonistically arrogant blaming bomb bsod bully
        -2.2 catastrophic chaotic chastised collapse contemptuous cunt damage damnify damns dangers darkest deject
        -2.2 dejected depress depresses depressions despairingly desperations destroyed destructivity deviling
        -2.2 disappointing disgrace disheartened disheartenments disheartens dismaying disparaging dissatisfaction
        -2.2 dissatisfy distressful distressingly dolorous doomsdayer doomster drowns enemies failings fear feared
        -2.2 fearful fearfuller fearfully feuded fools fraudulent frightening grief grouch harass harms harsher
        -2.2 hateful haters heartbreaker heartless heroin hopelessly hostilely illnesses imbecile infected infuriate
        -2.2 insulting jailed loathe lousier lowlifes lunatic mad maddening masochistic menace miserable molesters
        -2.2 moron murderess neglects numbskulls overreacts perpetrator perversely pitiful poisoned pollutes powerless
        -2.2 prosecution punishment qq rejects repressors repulsed revengefulness rudely saddening savagely scandals
        -2.2 scare scary screwed shameful sickener sickeners sluttish sorrowful spammer steal stealers stolen suffered
        -2.2 thieve threateningly torturously tragics traumas traumatises traumatizations troublemakers uglier
        -2.2 uglification uglifying unhappinesses uninvolved violate violation wasted whoreson wickeder wickednesses
        -2.1 )-': )-: )-:{ :< :c >: >:[ @: ]-: accident agitators agonise amort anguishes apprehension arrested
        -2.1 ashamed attack badly bankster bastardise bastardizations bereave bereaved blamed blamer broken
        -2.1 brutalization btd choked cry crying dangerous defeated defeatists defectively degrades depressively
        -2.1 deprival deprive deprived despondent destructionists devilish dipshit disabling disadvantageously
        -2.1 disappointed disdain disgusts distrustful distrusting disturbers doomful eviler fag fake faultfinding
        -2.1 faultier faultiest faults flawed flunked foetors freakish frighteningly frustration fucks gloomful glum
        -2.1 goddamn goddamns grievance grieves gross grossest harmed haunted heartbreakers heavyhearted helplessness
        -2.1 hooliganism horribles hostilities hurts immoralist immorally incompetent infringement irrationalist
        -2.1 irritable irritants jeopardy killjoy libelous loathed lowlives lugubrious maniac miserably molest
        -2.1 moodiest nasties neglectfully nme obliterated obnoxiousness oppressed persecute perverseness perversive
        -2.1 pitilessly poor punishes rages rejections resentful revenger ruder ruined sad scaremonger selfish shame
        -2.1 shattered shits shittier shylock sickeningly sluttishly smartass smuggler smuggling snubs spamming
        -2.1 stinkiest stressors suckering suffering suffers suspended terrible thieveries totalitarian troublous
        -2.1 troublously uglify uglily uneasiest unfair unlovely unpleasant upsetting vitriolic weakliest whoredom
        -2.1 wickedly wickedness widowed woefulness worrit worse worsens wrong }: }:-(
        -2.0 )': :[ >-: abandoned abductions abhor abusing affectionless agitated antagonize appalled appallingly
        -2.0 arguing attacked attacking awful banned bastardized beating belittled bitchier bitterly blamers censor
        -2.0 cheat chokes choking contagion contemptibilities coward crudeness crudenesses cruder damagers damagingly
        -2.0 damningly dangerously dangerousness deceit defeat degradative degrader degraders dejects depriving
        -2.0 desperation despises destroyer dire disappointments discouragement disgraced dishearten dishearteningly
        -2.0 disparage disrespected dissatisfactory dread eviction exploited failures falsify faultily foes
        -2.0 foolishnesses forced frustrate frustratingly frustrations greedier grieved grievous grimaced grouchier
        -2.0 grouchiness guiltier heartbreaking helpless heroinism hopeless hypocritical immoral imprisoned incensed
        -2.0 inferiorly insipid insulter insulters irritated irritating irritatingly irritative jealous jealousies
        -2.0 jealously lamely lament lamenting lowlight melancholiac misrepresentation mocks neglect neglectful
        -2.0 neglectfulness obnoxious offends offensive outrageous outraging panicked penalty pessimisms
        -2.0 pessimistically phobias pisser polluted polluters problematically punished raged reeked reeking
        -2.0 regrettably regretters rejecting remorselessly resentfulness revengers ridicule robs rude rudesby ruiner
        -2.0 savage savaged scaremongers screwiest selfishnesses severely shamefacedness shamelessnesses sickens sins
        -2.0 sluttishnesses snob snobbery snubbed stresses stupidities stupidly sucked suckered sufferer swindling
        -2.0 thievery thoughtless threatened threating tragic troubled troublemaker troubles uglies unacceptable
        -2.0 unfortunate ungrateful unintelligent uninvolving unloveliness unworthy upsetters vexing victimhood
        -2.0 villainesses villainous vulture wept whoremongers worriedly worrisomely worsening worser }:(
        -1.9 ):< ..###: :( :{ abandon abandoner abandoners admonished aggravated aggravates aghast angerly animosity
        -1.9 annoy antagonism antagonist appalls arrests arrogances atab attacks aversion banish belittle bereaves
        -1.9 bitterer block bloody burden chagrin cheaters chucklehead condemned contemptibleness contradictious
        -1.9 criticise criticism crushes damaged damager damages deceitful deceived deception defeature defective
        -1.9 defector degrade dehumanized denied denounces destructed devastations devilment dirty disagreeablenesses
        -1.9 disappointingly discouragers discourages discouraging discredited disillusioned dismayed dismayingly
        -1.9 displeased dissatisfactions disturbs dreadful dullnesses dumbheads dumbness embarrassment emptiness
        -1.9 excruciations expel exploiting fightings flunker foe fool forbidding forbiddingly foughten frantic freak
        -1.9 freeload frightened frightfulness frustrates frustrating furiously futile gloomed goddams greedily
        -1.9 griever grouchy harsh hates horrendously hurters hurtfulness hysteria idealess ignorami ignoramus
        -1.9 illiteracy incapacitated inconsiderate inferiorities insincerely intimidated intimidating irresponsible
        -1.9 lamentations loathes lowbrow ludicrousness madness meaningless melancholy mindless misbehave molestation
        -1.9 molested moochers mope mournfuller mourning nastily notorious painful panicking panics passionless
        -1.9 perjury petrifaction prejudiced problematic pukes punishable punisher regretful regretfully resentment
        -1.9 resentments revenges ruins saddens sadness savageries scandal scared scaring shamefacedly shamefully
        -1.9 sicken smothers sobbed spiteful stabbed stabs stank starve stealings stupidity suck sucky terribleness
        -1.9 tired tragedies traumatising treason troublers troublesomeness unattractive undeserving undesirable
        -1.9 unemployment unfortunates unhappily unloved unlovelier unloveliest unsavory upsetter vexation violators
        -1.9 warring weak weaker weapons weeper weeping weepings whorehouses whoremaster woeful woes worriments
        -1.9 worrisomeness worry worsened worthless wreck wronged zealot
        -1.8 ): adversity aggressiveness agitating agony angrily anguished annoyances annoys argumentatively
        -1.8 arrogantly avoider bastardies bastardizes beaten bitter bittered blamable blamably broke burdensome
        -1.8 charmless cheats comfortless complainer conflictive criticised crushed damnableness damnifies defecting
        -1.8 defectiveness defectives degraded dehumanize denies depressor deprivation deprivations despiser
        -1.8 destructibility detain devastation devilling disadvantage disadvantageous disagreements discomfort
        -1.8 discontented discourage discouragements discouragingly disheartening dismay dismays disqualified
        -1.8 disrespect dissatisfies distressed distrust distrustfully downcast dullards dumpish duped dysfunction
        -1.8 egotistically emptiest enrages erroneous exasperated fails faithlessness fakes faking fcol fearfulness
        -1.8 fears flunkey flunks flunky foeman fooleries foolery foolishly foolishness forbidden freaking freakout
        -1.8 fumed gloomiest gloominess glooming goddamned gossipping greenwash grimaces grimy grossness guiltiness
        -1.8 guilty hater heartbreakingly heartbreaks homesickness homesicknesses hysterics ill impatience impolitely
        -1.8 impoliteness indignant injury insecure insecureness insecurities insecurity insensitivity insincere
        -1.8 insults intimidation irritably irritate jackass lame lies loneliness lonesomeness lowery lowliest miser
        -1.8 misunderstanding mock mourn mourners mournfulness nagger neurotically pained pains pathetically perverse
        -1.8 pitifuller pitiless polluter prejudices prejudicing problematical promiscuity prosecutes protesting puked
        -1.8 puking punishments rebelliously recession regret rejectees rejecters rejective rejector repressing
        -1.8 ridicules ridiculing sadly scornful sedition shitting smother snub somber stampede starving stress
        -1.8 stressor struggling tantrum temper threateners threats ticked trauma troublemaking troublesomely ugh
        -1.8 uglifies uneasinesses unfulfilled ungratefully unhappy useless vain victimized victimizer warfares waste
        -1.8 weaken weakly weakness weepier weirdo whines wiseass woe worrier worries worrywart yucky
        -1.7 ..###-: :l >:\ \:< abandonments acrimonious agitate angriness annoying antagonistic antagonists arguments
        -1.7 ashamedly avoidance battleground bitterness blameful blames blind botheration boycotted boycotting
        -1.7 burdened burdeners chastises chastising cheerless cheerlessness complained complainingly complaints
        -1.7 conflicting crash cries criticising cynicism cynicisms damn damnable damnably decay decaying decays
        -1.7 deceive defeatist defected defects deficit depressible depressors deprives despised detained difficultly
        -1.7 disadvantaged disadvantages disagreeable disagreeableness disappoint disappointedly disconsolation
        -1.7 discord discouraged discourager disillusionment disliked dislikes disorder dispute disputing distorted
        -1.7 distressfully distressing disturb doom doomsayers dull duller dullest dumped dumps dumpy egotists
        -1.7 embarrasses embarrassingly embarrassments enraged enslaved error farce fatalisms fault fearsome fights
        -1.7 fooling foolisher freebooter frightens frightfully greed greediness grievously grouching guiltiest hacked
        -1.7 haunt helplessnesses hindrance hurting idealless ignoring illness immoralists impatiently inability
        -1.7 inadequacies inadequacy inadequate inadequateness inferior injured insane interruptions irrationality
        -1.7 irritabilities irritableness irritates isolation jealousness joylessly killjoys lose losses lousiness
        -1.7 lowlier madly maniacally masochist menaced misbehaving misleading mocking mooch mooching mournfully
        -1.7 nagana nagged nagging naggy neglecter neglecting nonsense oppressive optionless overreacted painfuller
        -1.7 paining peril perverter petrify piss pissing problem problems prosecute provoke punishabilities rash
        -1.7 reckless reeker refusing regretting reject rejectingly repressions repressively scapegoat scarer scarey
        -1.7 scold scorn scream screwup seditious selfishness shames shitted shocking sluggish smartasses smuggles
        -1.7 smugnesses snobbishnesses snobby sorrowing stealable stealer stink strained stubborn stupidness sullen
        -1.7 suspiciously tensions traumata traumatized trouble unappreciated uncomfortably uncontrollability unease
        -1.7 unfocused unsatisfied unsuccessfully unsupported unwelcome wasting woefully worriers worrisome
        -1.6 86 :-[ :?c >:/ ]: abandoning ache ached agitatedly amoral annoyed arguer argues aversive battle
        -1.6 battlefield battles bitterish blamefully blameworthiness blocking bothering bummer carelessnesses
        -1.6 complains condemn conflicts confrontational contemptible contradictors cowardly crap craziness cried
        -1.6 criticize criticizers cynical damned decayed decayer decayers deceives defeating demoralized depressant
        -1.6 depressants depressing depressive depriver desperately despisers deviled devilishly devilries
        -1.6 disadvantageousness disagree disappoints discomfortable discomforted discomforting disillusions dislike
        -1.6 disparages disregarded dissatisfied distraction distractive distresses distrustfulness disturbance
        -1.6 disturbed doomsters doubter dullard dumbfounded dump dumpiest embarrassable embarrassing emergency
        -1.6 enslaves expelling expels falsified feuding fight flu flunkers fooled foolhardiness forbidder freakiest
        -1.6 freeloaded freezingly fright funerals glamourless gossiping grave gravesides grieve grimier griminess
        -1.6 gullibility hostile ignorantly immoralism impolite inadequatenesses incapable ineffectuality inhibit
        -1.6 interrogated intimidator intimidators irrationally jaded lackadaisical lamebrain lied losing louse lowest
        -1.6 lunatics manipulated masochism masochistically melancholias misbehaved misbehaves misinformed mistaker
        -1.6 mistakers mockeries mourner mournful n00b obstacles paranoids phobia pleasureless prblm pricklier
        -1.6 prosecuted punishability rancidnesses regretfulness regretted regretter rejecter reluctancy repression
        -1.6 resented restrict restricted restricting ridiculer ridiculers ridiculousnesses riskinesses ruinable
        -1.6 ruinations ruing screaming severe severer shock shocks shyster slam sleeplessness smuggle snobbily
        -1.6 sobbing sorrows spammers stingy stunk suspicion talentless tensioner threaten threatens tumor
        -1.6 uncomfortable unconvinced uneasiness uneasy ungratefulness unkind unsecured upset uptight uselessness
        -1.6 victimizers weakener weakhearted weepies wimpish |-:>
        -1.5 $: %-) :-( :-< adversarial adverse adversities afflicted agonising amorality annoyers appalling argued
        -1.5 argument argumentative argumentive bamboozle bamboozled bamboozles brainwashing burdens careless clueless
        -1.5 coerced collision complain confrontations confusedness contagions crazily criticized criticizer
        -1.5 criticizing crushing debt defeatures defections degradations dehumanizes denier depressives deriding
        -1.5 desperateness destructible detention deviltries difficult disagreeably disagreement disillusionments
        -1.5 disoriented disruption distractible doomsaying doomsayings doubt doubtable douche drained dubious dulled
        -1.5 dumber dumbs dupe eerie embarrassed emptinesses exhausted exhausting exhaustion fallen fatiguingly
        -1.5 faultfinders faultiness fighting flunking foolhardier forbidders freakouts freaky friendless frighting
        -1.5 funeral gloomier gravely graveness grievances grime grimmer gullible hesitatingly hooligan ignorance
        -1.5 ignore inconvenience inhibition interruption irrationalism irrationalists irrationalities irritations
        -1.5 lags lamentable lamentably laments lamest lazy lonelinesses lonely lonesome lowballed lowlife ludicrous
        -1.5 manipulating mess messy mischief misers misreporting mistaken mistakes misunderstand moocher moody nag
        -1.5 naggers neglecters nitl obsessional obstacle offender offenders offenses overload overweight panicky
        -1.5 paranoias persecuting pessimism pessimist pessimistic pissant poorer prejudicially profitless
        -1.5 promiscuously quaking rebeldom reekers regrets repressible ridiculed ridiculous rigged riskiest robing
        -1.5 rudeness ruinated ruinates ruinating screamers seduced severed severest shylocking smear smuggest
        -1.5 smuggled sore spam spitefulness stenches stinker stinkier stinko stinky stressing strikes struggles
        -1.5 stubborner stubbornnesses sucks sulking suspicions suspicious sux swindles tantrums tenseness tenser
        -1.5 trembling turmoil uglified uncontrollable uncontrollably undermined undermining unfriendly unprotected
        -1.5 unstable unsuccessful upsets uselessly vicious victimised victimizations victimizes weaklier weaknesses
        -1.5 whine whoremasters wiseasses witch worriment worrywarts
        -1.4 /:< /o: 3:-) :/ :o/ <:-| =/ accidentally accuses aggressed aggressivities agitates agitator alarm alarmed
        -1.4 antagonized argue arguers arrest avoided avoiders avoiding blame bother boycotts burdening carelessness
        -1.4 chagrined combat confusingly contagious contemptibly contradictoriness contradictory contradicts crazy
        -1.4 criticizes cynic damnations damning deadlock deceiving defeater defect defection defenseless denounce
        -1.4 deny denying deprivers derailed despise difficulty dirt dirtier disagreeing disappears discarded
        -1.4 disparaged disputed disregards disruptions distorts distracted distractingly disturbances disturber dork
        -1.4 doubtful doubting doubtingly dreads dreary drunk dullness dumbed dumpier egotism egotistic errors
        -1.4 excluded exploits failingly fatigued faulted faulting feud feuds fidgety fiery fire firing flop flops
        -1.4 flunkies foolhardy foolishest forbiddance frantically freakiness freakishness frighted frighten frowning
        -1.4 gag gossipmongers grimacing grouchily guilts gun hapless haplessness harried helplessly hesitater
        -1.4 hesitaters hesitates hesitating horridly humiliated humorlessness hurtling inconvenient indoctrinate
        -1.4 inflamed inhibitive insecurely insignificant insincerity interrupt interruptive intimidations irrational
        -1.4 irresolute irritability jerk lag lamentation lamented lamer leak lethargy lonelier lonesomes lowermost
        -1.4 messed miserly misgiving mistake misunderstood mlm mooched mooches moodiness moodinesses moronically
        -1.4 mumpish naggier needy neurotic niggas nimy numb numbly obsessing obsession offences ominous perturbed
        -1.4 pissers pisses pitying pressuring prick prickliest rant reluctance repress repressive repressor
        -1.4 resentfully resign restlessly revengefully ridiculously riskier scapegoats scares screwy selfishly
        -1.4 shakedowns shameless shamelessly shamelessness shoot shylocks smileless smothering smugglers smugness
        -1.4 snobs spites stifled stressed struggled strugglers stubbornly suspects tense tensioning thieved
        -1.4 threatener toothless tragediennes traumatizes trickers trivialising troubler unapproved uncertainly
        -1.4 uncertainties uncertainty undermines uneasier uneasily unequal unfortunately unimpressed unimpressive
        -1.4 unmotivated virtueless warning weaklings weaponed weeps wimp wisenheimers worrying
        -1.3 /-: /: :-c :\ >.< \^: abandons accidents accusations aggress aggressions aggressively agitations
        -1.3 agitative annoyance anti awkwardly awol axed bereaving bizarre boredom bores boresome boring botherations
        -1.3 bothered bothersome boycott burdener chuckleheaded complainers conflict confrontation confronters
        -1.3 confused confuses contradict contradicted contradicting contradictions critical criticises cynically
        -1.3 defeatism defeats defectors defenselessness delay derails despair despairer despairers desperate
        -1.3 disagreed disagrees discomforts disguising disillusioning disjointed disliking disquiet disruptive
        -1.3 distort distractable distractibility distracts distrusts doubters dumbly dumping envyingly excruciated
        -1.3 exhauster exhausters fatigues faulty flunk foolhardiest forbid forbids fought freakier freeloading
        -1.3 freeloads frenzy gagged ghost gossipped gossips gossipy graveless gravest greedy grimly hardship
        -1.3 hesitated hostiles humorless ignored ignorer imperfect impersonal indecisiveness ineffectively
        -1.3 ineffectiveness ineffectualness interrupters interruptible interruptor interrupts intimidates isolated
        -1.3 isolates jealousy lack lamentableness laughingstocks leaked loner lonesomely loose loses loss lost louses
        -1.3 lowness luckless misinformation misinterpreted misunderstands mocked mockers mockery moodily morons
        -1.3 mourned numbingly nuts obsessionally odd outrageousnesses paranoiac perplexed persecuted perversion
        -1.3 pettiest phobics pitied pitiers pressures problematics provokes rants repressed represses resigns
        -1.3 restricts riskiness risking scarers screamed shakeout shocked shyness skeptical smh spiritless startle
        -1.3 stereotype stinkingly straining struggle stuttering submissive suspend tease tempers tension timidity
        -1.3 trap tricksters uncertainness unimportant unsettled unsurely viciously victims vultures walkout weakened
        -1.3 weakeners weakening weakens weakling weepy weirdie weirdoes whiney
        -1.2 .-: 0-| :-/ :^/ :s =\ =l >:o \o: accused adversative aggravating aggression agitational allergic
        -1.2 amoralities antagonisms apathetic apathy avoid ayor battled battlefront bittering borers censors childish
        -1.2 collapses collapsing colluding complaint confrontationists confusion confusional contentious cover-up
        -1.2 critics crudely cuts deafening defer deprivals derail derision difficulties disbelieve discourageable
        -1.2 disorganized distract distracting dominating dorkiest doubtfully doubtfulness doubts dumper dumpiness
        -1.2 dynamiter embarrass ennui exclusion exhaust fatalists fatiguing feeble freaked fume gossipry gravers
        -1.2 graves graveyard graveyards grimed hesitantly hiding humiliating ignorances immobilized impatient impose
        -1.2 ineffectual inquisition interrupted interrupting jealz lagged lamebrains lamenter lames lethargic
        -1.2 limitation lossy lousily lowballs lower lowlinesses madder maniacs manipulation masochists mia missed
        -1.2 missing mistakenly nerd nervousness no obsessiveness obsolete obstinate offence offend outrageously
        -1.2 outrageousness pathetical persecutes perversions pervertedly pervertedness pesky phobic piteous pitier
        -1.2 pities pitifully pitifulness pity pressure pseudoscience questionable ranter ranters rebellious
        -1.2 rebelliousness refuse refused resenting resents resignation resignations resigner restlessness sceptical
        -1.2 screams screwer shakedown shakiest short-sighted shynesses sillinesses skeptically skepticisms smog
        -1.2 snobbishly stereotyped stinkers stop strains strangely suspect suspiciousness teased teaselers teases
        -1.2 tensely tensest trembly trickeries trickiest trickiness uncertain underestimate undermine unsophisticated
        -1.2 uptightness victimises vulnerably warfare warnings weakish weapon weirdly whiner wimpiness wiseacre
        -1.2 woesome worn worried worrits zzz |-0 |-o
        -1.1 :o\ \= absentee alarmists alarms alas alienation aversions avoidances battling biased bitching blocked
        -1.1 bored boredoms charges chuckleheads collapsed collides collisions complainants contemptuousness
        -1.1 controversially cornered critic crudes cut defenselessly deniers deride devilments disguised disinclined
        -1.1 disputes disregard distorting dooms doomy dorkier dorky doubted drop dulling dullish dully dumpings
        -1.1 embarrassedly envied enviers envious envy exhaustions exhaustiveness exhausts exposing ferociously
        -1.1 feudalistic feudist foolish forgetful frights fud gossiped gossiper gossipers graver grievants guilt
        -1.1 guiltily haunting hesitate hesitation hesitations hoax hooligans ignorant ignorantness ignores
        -1.1 immoralities impotent indecisions ineffectually inferiority interrupter intimidatingly intimidatory
        -1.1 irrationals itchy jerks killdeer lagging lone loneness loomed lousing low lowliness masochisms
        -1.1 melancholies misread mistaking monopolizes moodier moronity nags naive nastiness nervous numbing numbness
        -1.1 o-| overstatement perversities pileup pique pitiable pitiableness pitiably pitifullest postpones provoked
        -1.1 pu pushy rebelling rebellions remorse restless restriction ridiculousness rigidification rigorous risk
        -1.1 risks s: sapfu sarcastically shitakes shockers short-sightedness slash slashing smothery snobbishness
        -1.1 solemnity stammerer struggler stubbornness stutterers suing thorny toughly tremble trembled trickery
        -1.1 trivialises trivialize underestimated underestimates unresearched victim victimise vindicating
        -1.1 vulnerableness warned weakside weary weepers weirdos whorehouse woebegoneness wowser |^:
        -1.0 /^: :^\ :^| \-: \: accusation aches adversaries adversatives agitation alone amorally anxious anxiousness
        -1.0 arguable arguably bore cancel cancelled carelessly confrontationist contempts contradictable
        -1.0 contradiction contradictor crazinesses criticizable darkness degradable derides devilwoods diffident
        -1.0 discard discards disguise disguises disillusion distractions downside dud dulls dumbfounder dumbfounders
        -1.0 dumbstruck dumpsters egotisms emptily envier excruciates exhaustible expelled faithless fatalistic
        -1.0 fatigue ferociousness ferocities flustered foolhardily forbiddances gloominesses gossipmonger greeds
        -1.0 grimace grimes haunts hesitancies hesitant humiliates hunger hurtles ignorable inaction inadequately
        -1.0 indecisive inhibitors inhibitory jumpy loused lowering lowly melancholics moping mubar numbest obsess
        -1.0 obsesses offended offense overreact paranoia paranoid perpetrators perverting pessimists pityingly
        -1.0 poisonwood prickle propaganda protest rebelled reluctant repetitive repressiveness resentence resigned
        -1.0 resigners ruining ruinousness sappy sarcastic sceptic screws screwups severeness shamefast shockable
        -1.0 shortage shy skepticism smugger snobbism sob squelched stammering stinkards stinkbugs stinks struck stuck
        -1.0 stutter stutterer stutters submissively supremacists swearing teaser tensed tensing timid timider
        -1.0 timidness torn toughish tragedians tremblers tremulous trickish tricksiness trivialities trivializes
        -1.0 unclear uncontrolled uncredited unsure weirdies wimpier wimps wisenheimer
        -0.9 (% /= :-. :-\ aggressors anxiously apeshit apprehensions battlefields blocks cancels comedowns confronts
        -0.9 confuse confusing confusions contemptibility contradictorily criticisms dearths defeaters defiant delayed
        -0.9 demanded demanding disappear disappeared disregarding distractedly dizzy dodgy drag dynamited eery
        -0.9 egotistical exclude faithlessly feudalism feudalist forget forgotten glooms graved gravelled gravelly
        -0.9 graven grimalkin grimalkins grossly grouches hesitance hesitancy horrent huckster indecisivenesses
        -0.9 inhibits insensitive lawsuit libertine limited loners loom lowish lurks misses monopolized naggingly
        -0.9 neuroticism numbed obsessions obsessive oversell possessive postpone pressured pricking prickly pricks
        -0.9 promiscuousness protesters protests remorseful resigning revenged risked safecrackers safecracking
        -0.9 sarcasm sarcasms savagenesses screwing shakier shaky shrew shying shysters silliness skeptic slashed
        -0.9 smothered sneaky snobbish snubbing stammer stammered stopped stuttered subversive suspected tears tenses
        -0.9 tensioners timidest tits tricker trickster trivialization uncompelling unconcerned undecided unwanted
        -0.9 vanity victimhoods vulnerability vulnerable weaponry weirdest weirdness weirdy whined whining wimpiest
        -0.9 wimpy |o:
        -0.8 =| absentees accuse adversary adversely aggressor aversively bashfulness battlefronts battler bothers
        -0.8 bribe cancelling charged cheerlessly combats comedones comedown complaining confronted controversial
        -0.8 cramp derided devilfish devilwood droopy dumbbell dumbfounding dumpers empty envies envying
        -0.8 exhaustibility fascists faultfinder feudal feudalized feudary foolfish foolscaps freakishly freebooting
        -0.8 fumers geek gossipries gratings graveside grievant grimmest grimness grosses grouched indecision
        -0.8 indifferent inhibitions intimidate irreversible isolate jerked lameness liabilities liability litigation
        -0.8 litigious lowball lowdown lowed lows lurk mischiefs miserere mistakable mocker mongering monopolize nimby
        -0.8 nosey o.o offensives overselling overwhelms petty pissoir pityriasis postponed pressurises prickles
        -0.8 prickling promiscuities provoking rebels resentenced resignedness rigidifications risker risky ruderal
        -0.8 scarecrow scepticism shakeouts shyer slashes sobering stall stalled stalling stammerers stammers startler
        -0.8 stinkhorns strainer strange strongyloidosis sulky teaseled teaseler tensional timorous toughs trickily
        -0.8 tricksy trite trivialise trivialised unaware unbelieving unstoppable vociferous warmouths wellaway
        -0.8 zealots |-:
        -0.7 &: (-% :-| accusing amoralism amoralisms anxiety apprehensiveness avert avoids awkwardness complainant
        -0.7 confront daze dazed deferring depressurizing dilemma discarding dominative doomsayer drags emptied
        -0.7 emptier emptiers empties exaggerating exhaustively ferocity feudalizing feudists flees franticness
        -0.7 freeboot freeloader fumelike gossip gravestone grimiest grimily griming grossularites hide hides homesick
        -0.7 ignorers indecisively indoctrinating keening lowballing lowborn lowse neurotics nimjd noisy noyb
        -0.7 numbfishes numbs obsessed obsessives overreaction overstatements overwhelm paranoiacs passively
        -0.7 pressurize pressurizers puzzled remorsefully remorsefulness resent resignedly rigidified rigidities
        -0.7 rigidity rigidly riskily robed safecracker safecrackings scarecrows sceptics seriously shake shakily
        -0.7 shakiness shaking shockingly shylocked shyly smarting snobbier solemnized startled stinkpots
        -0.7 submissiveness suspecting teasers thwarting timidities timidly toughie touting trickier trickishly
        -0.7 trickledown trivializations walkouts warship weird weirdnesses
        -0.6 :& :o| adverseness affected aggressing aggressive aggressivity anxieties apathies awkward battlegrounds
        -0.6 bitterbrushes bittersweetness censored challengingly cock confronting confusedly craze crush defensively
        -0.6 devilfishes dreadnought dumbcanes dumpcart dumpster emptying exaggerate exaggerates expose falling
        -0.6 fatalism feudally flunkeys fumette geeky giddy gigo gloomy hardier heh hurtled immorality indoctrinates
        -0.6 killdees lawsuits looms looses louseworts lowboys lowbrows miss moan moans nervously oversimplify
        -0.6 perverters pressurise pressurising pricked prickliness pricky profiteering rebel resentences rigidifies
        -0.6 screwier sentencing shakeup shittim shocker shortages solemnizing stopping stops strikers stubbornest
        -0.6 toughies trembler tricked tricky trivialized trivializing viciousnesses victimologies vulnerabilities
        -0.6 wavering weakfishes weirds whiners wisecracking worshipless
        -0.5 :-& aggresses alarming antagonizes barrier battleships battlewagons bitterweeds cocky colliding
        -0.5 contradictories crazed crazing cutting damnedest dazedness demand depressurize detached dithering
        -0.5 dominate dominatrix dorks dumbing exhaustive exposes fatalist feudality feudalize feudatories foreclosure
        -0.5 freemartin gravel graveled gravels gravestones ineffective inferiors ironic isolations lamenters looming
        -0.5 lowered lowers lowing lurking melancholia misericordes monopolizing nbif o-8 o_o offline overwhelmingly
        -0.5 oxymoron perversenesses pitilessness postponing pricket profiteered protested rapeseeds rebellion rig
        -0.5 rigid screwers screwiness shakeups silencing snobbiest solemnified solemnifies startlement startlers
        -0.5 startles strike tenderfoots tough toughing toughy tout tragedian tranquilizing tricks tricksier
        -0.5 triviality trustbuster unconfirmed victimologist warships weirder wisecracked |:
        -0.4 %) &-: (-:< :o :| >:-) amusias apathetically averts axe bailout battlement battlements bias bitterns
        -0.4 bitters blah blurry borer cautious challenged constrained costly dazedly defensemen defensiveness
        -0.4 depressurizations dodging dominators dreadlock dreadnoughts embittered exaggerated exploit ferocious
        -0.4 feudalities flirter foolfishes freaks freebasing freezing fumets funky geeks grating graveling gravelling
        -0.4 greenwashing grossed grrr hard hid idk imposes imposing impressment indoctrinated inhibited inhibiting
        -0.4 isolator isolators killocks liards lowerclassman lowlander moaned moaning nah neatherd nerves numbfish
        -0.4 obsessively paradox parley pay peculiarly petrifications pressurised pretend pretends questioned
        -0.4 questioning ragee reluctantly rigorously ruderals screw screwworm shook skeptics stinkweed stunned
        -0.4 teaseling teaselled teasingly tenderfeet tensioned thwarts tragedienne tranquilizers trickie trickinesses
        -0.4 trickishness vague victimologists vigorish warn warns weepie |=
        -0.3 0_o 8-o accidental alarmism apologizing apprehensively averted battlewagon bittersweet boreal borecoles
        -0.3 collide complacent confronter cynics dazes defensives depressurization depressurized depressurizes
        -0.3 determinantal dominations dumbcane dumbfounds dumplings dwellers dynamites emptins exposed fainthearted
        -0.3 feudalization feudaries flatterer foemen freewheelers friendlessness grievers grosser grossing grossular
        -0.3 grossulars hurtle imposed inhibitor killock lobbying lowlanders lowlights lowlihead maniacal mediocrity
        -0.3 meh melancholic o-: o:< petrifactions pettier pressurizations pricker promiscuous rainy repressurize
        -0.3 rigidify rigidness screwballs serious shakeable shaken shitake shittimwood snobbisms solemn sorry
        -0.3 startlingly stealth stealthier stealths strainers teasing tmi toughest trickly trivium unmatched wimples
        -0.3 winnow wisecracks
        -0.2 (:< :$ amorphous amortised apprehensibly backs battlers bitterbrush bittern bitterroots bittersweets blam
        -0.2 borecole boreholes champac champaks champerty clouded craziest defences domination dominatrices dragged
        -0.2 dreadlocks dumbbells feudalisms fighters flirted freebooters gratingly impatiens indifference inhibin
        -0.2 irony j/t joypop leave lowdowns lowercased lowrider ludicrously nerdier nerdy nimq noob o: panicles
        -0.2 pressurizes pressurizing prickers prickled screwball seriousness stinkbug stinkhorn strain swear
        -0.2 teaselling tenderloin toughens toughness touted tragicomic tranquilized tranquillized tranquillizers
        -0.2 trick trickling wag warsaws weakfish wimpishness wimple winnowers winnows
        -0.1 (-:{ 2g2bt adversatively agitato amazons amortize awaited bashful battleship boldfaced borescopes btdt
        -0.1 champer champerties chilling crazier creditor dominances dumbfound dumbwaiters dwells feudalizes
        -0.1 feudatory flirtations flirtatiously flirtier foetal freebase freeloaders freezers freezes fumes funneling
        -0.1 funnelled geekiest grossularite hysterical joypoppers killdeers killie killifish killifishes lamella
        -0.1 lamellae lamellibranchs longing lowland lowlands nerdish o_0 opportunistic overlooked panicums
        -0.1 petrification preventing prizefight prizefighters repressurizing richweeds screwworms sentenced sillibub
        -0.1 sillily stealthy stinkwood suretyship teasel teasels tenderfoot thwarted touts tranquilizer tranquilizes
        -0.1 tranquillizer trembles trivial unbiased warsaw wellhole winnower winnowing wiseacres wisecrack
        -0.1 wisecracker
        0.1 0-8 :-o >;) aboard acquits amorists amorphously amortises backed backing boldfaces boldfacing boreen
        0.1 brooding commits creatin defenseman defensibly defensive dwelling faille freeholders funnel funneled
        0.1 funnelling graticule harmonicas heron heronry keens killick lamedh lamellas libertarianisms libertarians
        0.1 lobby lousewort lowriders matter matters misericorde nasturtiums oversimplifies panicled paniculate
        0.1 peculiarities perfectionists piqued pressurized pressurizer prevent prevented reach repressurized
        0.1 repressurizes retained richweed screwdrivers screwlike securitizations shittah sigh sillimanite silly
        0.1 smartweeds solemnifying stealthily strongyls stuns successions tenderize tenderized thrillers toughen
        0.1 toughened tranquillizes tricking trickled warstle weaponless wellhead whitewash wisecrackers withdrawal
        0.2 affronted amazonite amazonstones amoretti amortizations apologising apology ayc bashfully benignly boreens
        0.2 calmodulin champaign champignons compelled contend crazes creatine delicate determinableness determinant
        0.2 discounted dominantly dominants dominates dumbwaiter dynamiting escaping excitonic exhaustless foehns
        0.2 foetus foetuses freeway freewheeler freeze geekier graticules gratins gratis grey impressionable
        0.2 infatuated isolatable joysticks lamellibranch laughable libertinage nastic neath numbat opportunisms
        0.2 opportunist oversimplification overwhelmed radians reaches relentless resentencing securitization
        0.2 sentences sillimanites smartweed smugly startlements stealthiness strongyles supremacy swears teashops
        0.2 teaspoon teaspoonful tenderization tenderometer tenderometers tragicomedy tranquil trickles vitalism
        0.2 warmblooded welly
        0.3 (;< *-) amorettos amorphousness amusia aug-00 authority awaits boldface challenge challenges champertous
        0.3 charmeuse clears comedo committing convincers defenders diviner diving dweller dynamometer dynamometers
        0.3 dynamometric dynamos easel energetics excitative exciton excuse explorations flatterers freeboard
        0.3 freemasonry freestyles freewheeled fumeless hail hurtless intense keened landmark lowercase mandatory
        0.3 number opportunists oversells passionflower pensive pls plz pmfji prevents prickets prizefights safetyman
        0.3 screwbean screwdriver securitize sentence shakers slickest smilaxes solemnify solemnities solemnize
        0.3 startling strongboxes surprisers teas teaspoonsful tenderizes tenderizing tolerances toughnesses
        0.3 tranquilize trustees verdicts victimology vindicate vitalist vitalists want welladay whimsical wiseguys
        0.3 }:-)
        0.4 >:) admitted anticipation apologised apologize await beauticians benefice beneficiation brights bwahaha bz
        0.4 challengers champignon charmeuses cleared creatinine darings defence defenceman defender defensibility
        0.4 delicatessen delicatessens demonstration dumpling dwelled dynamiters easements enthral exempt expands
        0.4 fantastico flagship flatter flattery flirtiest freelancers freelancing freesia freesias freestyler fumet
        0.4 funnels fysa gracilis gratin importancies isolationism kidding legally libertarianism libertines longings
        0.4 meritocrat nasturtium numbles opportunism painlessness passionflowers pretending prizefighting profiterole
        0.4 promisors radian reached resolvents safes sentimentalising sentimentalisms sentimentalizations slicker
        0.4 speculative stealthiest suprematists suretyships teaspoonfuls tenderizer tenderloins thriller tolerantly
        0.4 treasurers treasurership trivially trustor vigorishes vigorousness vigours warmouth warmup welled wellies
        0.4 wisents yoyo }:)
        0.5 3:) [-; adorns ambivalent amortise amortizable assuror calmatives carefully challenger champagnes
        0.5 champaigns champers commitments contender creationists daredevil defense devotees divinise dwell escapes
        0.5 excitor exclusive extends feeling fervid flirtatious freehand freeholder freewheel freewheeling funnelform
        0.5 harmonicist herons idealogues impressionisms impressionists impressments joker keener laidback launched
        0.5 legal lowe outmaneuvered panicle popularises profiteers profiteroles reliant soothed stronghold strongmen
        0.5 supremacist teaspoons tendered tranquillities treasurer triumphalist troubleshoots trusteeship unequaled
        0.5 vigorously wellheads wellsite yearning zealous
        0.6 *) ;] activeness amoretto amortization amortizes benignancy blamelessness brisk careful challenging
        0.6 comedienne contestable convincer crediting defencemen delicates dignitaries dominatrixes dynamometry
        0.6 dynamotor emotional engagements engrossed fighter flatters flirtatiousness flirters flirty freewheels
        0.6 giggler gn8 graciles greets guiltlessness harmonica honoraria humoral idealising impressure indestructible
        0.6 infatuation intellection intricate invite joyridden keeners meritocracy methodical mmk nerdiest numberable
        0.6 peculiar peculiarity perfectas rapture ratified scoop securers slap smilax solemnizes solid strongyl
        0.6 surpriser tenderer tendering tenders tensionless trusteeships verdict vested victimless vitalised warming
        0.6 wishes worshipper
        0.7 ;-] adopt adopts amazon amusable assets assurors blameless casually champing cleaner competitive convinces
        0.7 convincingness creationism defenses dynamite escape excelsior extend favoritism favoritisms flirts
        0.7 freeboards freedmen freehold freelanced freelances freemasonries freestyle freeware fumer growing
        0.7 guiltlessly heronries honorarium idealists ijs inquisitive iou isolationist joyrider joystick longingly
        0.7 offenseless partiers peaceniks perfectionistic pmji privileging profiter raptures relaxants resolved
        0.7 resolvent resolver resolves securitizing sentimentalists smarted solemnization solutions spirit stout
        0.7 strongbox strongman surprisals tenderheartedness toughed tougher troubleshooting vigilant worshipful
        0.8 ;d acquit activenesses admit adorned adornments adventuress agrees amortized amortizing amusingly
        0.8 apologises bargain brilliantine casual chances chuckler crazyweed creationist debonair defensible
        0.8 determinate determinations divined divines dominance doubtlessness entrusted excitons fine flawlessly
        0.8 flirting freebased freebases freestylers freewheelingly freewriting fyi giggles glamourize guiltless
        0.8 harmlessness harmoniums idealisms idealogy ideals important impressible impressionism inspirits intact
        0.8 intellections intellectively intellectualists intellectualizing invigorated jho joyrides jp livelihood
        0.8 nurturers palatableness passive peacenik playing pmbi prizers profiteer promisee radiancies reaching
        0.8 recommended retreat richens safelights sentimentalised sentimentalist sentimentalize sentimentalizing
        0.8 significant sillies silliest smug solemnly solve substantial succession superiorities supremacies swift
        0.8 top tranquillest tranquillizing treasury troubleshoot troubleshooters unbelievable urgent vitalizations
        0.8 warmups worshippers xtc
        0.9 ;) acceptations adequate adorn adorners adventurers allow appeased appeases assurer attractancy audacious
        0.9 awarder benignities blamelessly boldnesses buoyant certainties cheerleader clarifies compassionateness
        0.9 compelling consent decisive determinable determinably determinatives divining doubtless dynamists
        0.9 dynamitic energies exhaustlessness exploration fad flexible freeform graced grants grins hailed
        0.9 harmonicists harmonium harmonizations hhok humoresques impression impressions innocenter intrigues jk
        0.9 jokesters joking joyriding jt libertarian livelihoods lown loyalisms musm okay opportunistically
        0.9 optimizations pardoned perfectiveness perfectives popularizations prepared profitwise promissory raptured
        0.9 recommends romanticized sentimentalities spark stimulate stimulated straight successional successively
        0.9 successor surprised surprises tendernesses terrorless toughening treasuries triumphalists validated vigour
        0.9 virtuosi visions warm wilco wiselier wishing worshipers worth
        1.0 :p ;-) >:p [; abilities acquitted adorning advanced advantage alright amazonstone amoristic appeasing
        1.0 beneficiate bffn brightener brighteners certainty champed champy chance cleverish comprehensive conciliate
        1.0 consents convince created cutesie dearies delicately determinacy dream easing endorsed engagers engages
        1.0 entertainers excitableness exonerating favors flatteringly flexibilities freeholds freers freethinker
        1.0 freethinkers freewill frisky fulfills gigglier giggly gracioso granted guarantee harmless heroicomic
        1.0 honorariums immortal impressionist interests j/w jhomf jj jokes joyrode justifiably keenly loyalism
        1.0 luckiness magnification neater plays pleasers poised popularizers pressureless prizefighter prizer
        1.0 promisor readiness relaxant relaxations relievers resolvable richening sentimentalism sillier steadfast
        1.0 stimulates strongholds successiveness superiors surefire surety troubleshooter trustee trusties vigors
        1.0 virtuose vision warmers wells worshiper worshiping wowsers wp
        1.1 (* (; :-, acceptability accepted actives agreed agreements amuser appease apprehensible assurers
        1.1 attachments beneficed benefices benignantly brightwork calmative certain chic chuckles chucklesome
        1.1 committed conciliated conciliates consolable create creates creation creationisms definite desired
        1.1 determinateness determinative determinator devotements divinations dynamics energy engager ensuring
        1.1 entitled excitatory faultlessness fearlessly fearlessness fervent fitness forgive forgiveness freedman
        1.1 freelancer freer freestanding freethinking gigglingly god grandee greeted grinned grinner gt happing
        1.1 helpers heroicomical humor humoured increased innocents invigorator jokey joyride lenient loyalists
        1.1 meriting meritocrats merrythought neatens neats outreach painlessly palatably partyers popularised
        1.1 profitabilities profitability promisees radiances relievable resolute respectiveness safeguarding
        1.1 safelight salient securement sentimentalized sentimentalizes significance smarty sociability solved solves
        1.1 strongly successionally successive successors supporter surprise surprising tnx tolerant txs vigor
        1.1 visioning vitalise vitalises vitally vitals warmed warms well willingness worshipfully yolo
        1.2 ,-: absolve admiralty admits adventurer adventurists alert amorino attachment attractor attractors avid
        1.2 awardees beautician benevolentness blithe bolder champagne championed cheerio cheerleaders cheerleading
        1.2 cheerleads chuckled chucklers chucklingly comedians comforters commit convivial creating creditableness d:
        1.2 determinately devotional devotionals diviners doubtlessly dynamical dynamisms eased excitability excitants
        1.2 festivalgoers flatteries forgivers freeborn freedoms freelance frees gg glamorising glorioles gn gracility
        1.2 grandees hago heavenwards helping humored humoresque humorist hurraying idealize immune impressibility
        1.2 inspirators intellectualized intelligibly invigorations invigorators jaunty jocular join joke
        1.2 laughableness laughably libertinisms lucking magnifications neaten nicety ok opportuneness outgoing
        1.2 painless pardons partyer perfective playfulness popularising promisingly prospect prospects radiants
        1.2 relaxins respectableness restore restores restoring romanticizing securities sentimentalise sentimentality
        1.2 sentimentalization share shares singleminded sociabilities solidarity sparkling stable stamina succeeder
        1.2 supportive surer surprisingly surviving swiftly tenderers tolerance tranquilly treasure treasurerships
        1.2 trustors usefulness vital vitalities vitamin warmer wiser worship yeah yep
        1.3 (-* (-; :-) :?) =p [: ability absolves acceptable acceptableness acceptation accepts achievable acquitting
        1.3 actively admiral adorner adornment adventure adventured adventuresomeness adventurously agreeablenesses
        1.3 amusers apologized assures assurgent attractant awarders benign benignity bolds boosts calm calmly calms
        1.3 comfortableness competent conciliating cool curious cutely desirable desirous eases easygoing embrace
        1.3 endorse endorsement entertain expand fair faithed fan fantasticalness favorer favouring festivalgoer
        1.3 flattering flexibly freebee freebees freedwomen fresh funnies funnymen gl glamorise gracing granting
        1.3 gratify greet harmonies harmonised heros honorers huge humorists idealizer importantly improvements
        1.3 improvers incentives increase inspirited intellectualistic inviting invulnerable joked joyriders kewl laoj
        1.3 leet meaningful meritoriously nbd neatening neatness novel nurturances optimally optimistic original
        1.3 pardon perfectionism perfecto pleasantries please popularization popularize pray profited prominent
        1.3 promise promiser protects radiantly redeemed reliefs relievo rescues respectfulnesses respects responsible
        1.3 riskless romancer romances romanticises romanticists secures securing sentimental shockproof smartie sok
        1.3 solution soothing sparkles spirited strengthen succeeders supported supremos sure surest sureties trustier
        1.3 truth vitality vitalizing wises wisewomen youthful
        1.4 0:-) ;^) ^<_< advantaged adventures adventuresses adventurist adventurous agreeing applauds assurance
        1.4 assurances assure assuredness attractants badass benefic benevolently boosting brightnesses certainly
        1.4 charitably chuckling clevernesses contented contentedness creditabilities daringness delectables
        1.4 determined devote diamond dignities dynamist easefully easily endorses engage engaging enthusiasts excited
        1.4 exciters exultantly favorers flexibility forgave forgivingly freehanded funnyman g1 gains gentler gigglers
        1.4 giver giving gladly glamors ha harmlessly harmonising harmonizing heavenward helper hho1/2k highlight
        1.4 honorary honorific humerous idealise idealizations idealizing importancy innocent innocently
        1.4 intellectually intelligible irresistible j/p j4f keenness lawl m8 magnificoes meditative merited
        1.4 motivation neatly np ntmu nurture openness partied partier perfecta perfecters play played popularizes
        1.4 prays pride promotes proudhearted radiance radiancy reassurances reassure relaxers relievedly resolvers
        1.4 respectively restored revive robust safeguards safekeeping secure securely secureness securitized security
        1.4 shared solving strengtheners superiority tenderest thks validates validating value valuing vitalizes
        1.4 warmish welcomed welcomer wellsprings worships worthwhile
        1.5 (-:o (^: (^; 0:-3 5fs :-p absolved acceptably admirals admires advantageous advantages adventurism
        1.5 affectionally affections agree amusement amusements apologizes applauded appreciators asset assured
        1.5 attract beneficences boldly boldness boosted brightens brightly calmer charminger cheerled comedy comfort
        1.5 contentment courtesy coziness creatively credited credits cutesier cuteys cutie d= daring devotement
        1.5 dynamically dynamistic eager ease easeful easygoingness efficiency elation encouraged encourager
        1.5 encouragers energizations engagingly enthusiast excitabilities excitable ez fantasticate festivals fiestas
        1.5 fit freehearted freemen giggled giggling gloriole grant gratifies greater grinning harmonics harmonizes
        1.5 honoraries humoristic idealities importance impressionistic incentive inspiratory intellectualization
        1.5 intellectualize intellectualness intelligencer intelligentsia intelligibility intelligibleness
        1.5 interestedly invigoration jewel jokester keen kissers kk like loyalist mercy natural niceties nurtural o:)
        1.5 opportunely optimal optimizer perfectible perfectionist pleasanter popularizing praying privilege promised
        1.5 promoting ready reassurance reassures recommend relaxedly relaxes relieve reliever relieves relieving
        1.5 responsive restful romanticization safeguarded safeness safeties satisfactoriness satisfactory
        1.5 scrumptiously securer sincerities smartened smartens smartly smartnesses smile smileys sociableness soothe
        1.5 supportiveness supports surefootedness surprisal survivor sympathy tenderhearted thank thrill thrills thx
        1.5 tranquilities tranquilness truer trustfully tx validate vigoroso virtues vitalized warmness wealthy
        1.5 wellspring wised
        1.6 (-: (o: *<|:-) *^: 0;^) =] absolving accept acceptabilities acceptant accepting admiralties admirations
        1.6 admiring adores advantageousness advantaging agreeably alive amorist amusing apologise appreciativeness
        1.6 assuredly assuring astonished beaut benefits blessedness bold boldest brighter brightness calmed calmest
        1.6 calmnesses capable captivated charitablenesses cherish clear comedian comediennes commitment
        1.6 compassionated compassionates compassionating convincingly creations creativity credit d-: darlingly dear
        1.6 delighting devotedly devotee devotes divinatory dynamic dynamism eagerly eagers easement easiness
        1.6 efficiencies elegancies enchanted energization ensure entertainer enthuse exonerates favorably favourer
        1.6 favourers flattered focused foolproof forgivably forgiven freedwoman freeness freest friendships
        1.6 funninesses gained glamorization glamorizers glorifiers graces gratification gratified greeting grinners
        1.6 growth harmonized harmonizer harmonizers helps holidays honourers hoped hopefulness huggable hugger
        1.6 humorous humors idealist impressionistically innocence innovation integrity intellectuals intelligencers
        1.6 intelligences j/k jw kissed liveliness lts luckie lucks lylb merrythoughts motivate niceness nurturance
        1.6 o;^) opportunities optimisation optimises optimists optimization palatable partying passional peacekeeper
        1.6 peacekeepers peacekeepings perfects picturesque playfully popularise popularities positivism prettied
        1.6 privileges profitably profiting promisers promises promote protect relaxer relieved relishing resolve
        1.6 resolving respecters revives rewarder safeguard satisfactorily securitizes smarts sociably stressless
        1.6 stresslessness stronger stunning surefootedly thoughtful tranquilest trustily trustiness trustingly
        1.6 trustingness ty unified untarnished vindicates vitalization vitalize welldoers welling wiseliest
        1.6 worshipfulness worshipping xp xqzt yvw
        1.7 8-d :-* [= acceptances accomplishes active admirers adorer adventuresome adventuristic amuse amuses
        1.7 amusive appreciate appreciations appreciatory approves astound attracts awarded beautifier beautifiers
        1.7 beauts beneficialness benefitted benevolence blessedly boost calming calmness carefree charitable charm
        1.7 cheerer cheerlead chuckle clarity clean clearly comedic comedies comforting comfortingly compassionately
        1.7 complimentarily compliments convinced convincing creativities creditably definitely desire determination
        1.7 devoted dignity divination dreams eagerness efficiently empathetic energizers engaged enlightens
        1.7 entertained enthuses exhilarating fantasticality favor favorited flirtation forgivable forgiver forgives
        1.7 freed freeman freenesses friended funnier gallant gga giggliest givers glamorize gracile grander hardy
        1.7 harmonize harmony healthy heavens help hilarious holiday honorer honorifics hopefully hugged humouring
        1.7 idealism idealistically impressiveness intellective intellectualities intellectuality interested
        1.7 interesting interestingly j4g jollities justified kisser laugher laughers liking livelier livelong
        1.7 meritoriousness merits merrier merrymakers neatest nifty nurturant opportune optimised optimising
        1.7 pardoning parties party peaceable peacemaking pleaser pleases positivists pretties promising rapturous
        1.7 reassured reassuring reinvigorating relaxin respectably respectfully romancers romantic romanticise
        1.7 romanticised safest secured sincere smart smartening smarties smiler smiley special splendiferousness
        1.7 strengths strongish support terrifically thoughtfully treat trusting truthfulness valuableness values
        1.7 virtuosa warmest warmly welcomes wish x-p yeees yes
        1.8 accomplish admirer adored adventurousness affectioned agreeable agreeableness amorous amused amusingness
        1.8 applause appreciatively approved astounded astounding attracted attractions attractiveness awardee
        1.8 beatific beautifies beneficiaries bless cared championing champs charity cheerers comfortably comforted
        1.8 complimented creativeness creditable cutes dearly deliciousness devotions dignify divinities easier
        1.8 easiest efficient elegances encouragement energetically enjoyably entertainment excitant excitation
        1.8 excitations exonerate exonerated faith faithfully faiths favored favoring favorites favoured favours ff
        1.8 foaf forgivingness freebie freebies friending friendlily fulfilled funniness funning gaining generously
        1.8 genial gentlest giggle glamorised glamorizing grace gratefuller gratifications greetings hahas harmonic
        1.8 harmoniousness harmonise helpful heroines honesties honourer hopes hoping huggers hugging hurrayed
        1.8 idealistic idealization idealized ideally improver improves improving inspiring inspiriting intellects
        1.8 intellectualizes interestingness jollity kiss kissy lighthearted liked likes livelily lmbao lol lucky
        1.8 magnifico marvel mature merit nice once-in-a-lifetime opportunity optimisations optimizes peaceableness
        1.8 perfecter perfectibility popular popularizer popularly positivisms powerful proactive progress promoted qt
        1.8 reassuringly reinvigorates rescued respectabilities respective romantically romanticize romanticizes
        1.8 rotglmao safer safety satisfied satisfies saved sharing sincereness sparkle strengthened strengthener
        1.8 succeeded sunny talent tenderly tenderness thankfully tranquility tranquillity treasures true
        1.8 trustworthiness truths united usefully vindicated virtue virtuosas virtuosos virtuously vivacious
        1.8 warmhearted wellborn winnable winned wisely woot yw {:
        1.9 (-:|>* (^;o *: 0:) 0:03 8) <3 accomplished advantageously affectional affectionate agog agreeability
        1.9 appreciating attractive awarding beautification beneficial benefitting benevolences better blessers braved
        1.9 braves bright brighten brilliants championship charitableness charmer charms cheerfuller cherishers classy
        1.9 comforter commend commended complimentary considerate contentedly creative creditability creditworthiness
        1.9 cutenesses dearer dears deary deliciously dignitary easy effectively elegantly encourages energetic
        1.9 energising enjoyable enjoyableness entertaining entertainingly enthusiasm enthusing esteemed excitements
        1.9 exciter excitingly faithful faithfulness fame fave favour fearless fond fondly forgiving fortunate freely
        1.9 friendship fulfill funnily funny gallantly gentle gift glamours good hak handsomely harmoniously
        1.9 harmonization helpfulness heroizing hi5 honester honorarily hope hurrahed ideality idealizers impress
        1.9 improve influential innocency innovative inspirator inspires inspirit intelligential invigorate jovial
        1.9 keenest kissably laughings lively loyalties lucked luckier n1 nicely nicer nurtured nurturer nurtures
        1.9 optimality optimise peacefuller playful pleased pleasurability pleasures popularized positivistic
        1.9 praiseworthily preciousness privileged profit profitable profits protected proudful reinvigorated rejoice
        1.9 relax respectable respectfulness rewarders richened richly romanticist romantics safe satisfaction
        1.9 satisfiable satisfyingly sentimentally smarten sociable splendiferously stimulating strongest sunshiny
        1.9 supporters supporting supremo surefooted surely thanked thankfuller thanks thoughtfulness thrilled
        1.9 tranquiler triumphalisms truest truly truster truthfully urw useful valued welcomely welcomers welcoming
        1.9 wellness wiseness worthy
        2.0 (^;0 :) :c) =-3 acceptance amorousness aok applaud attraction awards benefit blesseder braveries
        2.0 breathtaking brilliantines carefulness cares charmed cherishable cherishing clever cleverer compassion
        2.0 cute cutiepie dearness dedicated delighter delights devotedness devotion dignifies encouragingly
        2.0 energizing engagement enjoyments enthused enthusiasms excel fab fantastical fascinates faultless
        2.0 faultlessly fav favorite festive friendlier friendliness ftw gently gj glad glamourous glorification
        2.0 goodness graceful grand grateful gratifyingly gratz haha handsomer harmonious heroized hhoj honestly hugz
        2.0 humourous idealises idealizes impressively improvement innovates inspirers intellect intellectualist
        2.0 intelligent intelligently interest invigoratingly j/j jewels jollies jollifications kindness kissable l
        2.0 laughed likeable luck lulz marvels merriments mirthfully mml motivated neat neatened noble nurturing o:-)
        2.0 optimisms optimized optimizing passion peaceably peacekeeping peacemaker pleasantry positivist praiser
        2.0 praisers prizes rejoiced relaxedness respectful rewardable romancing romanticizations satisfy satisfying
        2.0 serene sincerer sincerest smarter smartness smiling splendors sprightly strengthens suave sureness sweet
        2.0 talents thankfullest thrillingly triumphal triumphs truthful virtuoso virtuousness warmth wealthily
        2.0 welcome welcomeness wows
        2.1 ((-: (-;| (?: *-: 10q 1337 2qt :> :^) :o) :} <: =3 >_>^ @>-->-- admire adorably adorers amazedly ambitious
        2.1 applauding approval ardent astoundingly astounds attracting attractivenesses beautified beautifuler
        2.1 beneficiary brightened champ charmers cheerfully cheerfulness cheers comedically comforts compliment
        2.1 confidently courageousness cutesy cutey daringly delightedness delightfulness devoting dignifying
        2.1 effective elegance elegancy elegant encouragements energised energize energizer energizes excite excites
        2.1 fantasticalities fascinated favorable festivities fiesta freeing friends glamor glamorises glamorized
        2.1 glamorously glories gorgeousnesses grandeurs gratefully grin harmonically heartwarming heroize honoree
        2.1 honourable honouring hug humoring humour hurrahs idealised impressed impresses improved inspirations
        2.1 inspiritingly intelligence invigorates invigorating jollify liveliest loyal loyally medal meritorious
        2.1 nicenesses o/\o okays optimistically optimizers peacefulness peaces peacetimes perfectibilities
        2.1 perfectively pleasantly popularity prettier prosperous proud radiant rejoices relief respect respected
        2.1 respecter rewards richnesses roflcopter romanticisms satisfactions scrumptious sincerely slaw smiles
        2.1 splendidly sweeties sweetly terrific thankfulness thrilling treasuring triumph trueness trustability
        2.1 trusted trustful trustfulness trusts valuable valuables vbg virtuosity vitalising vwp winners wise wisest
        2.1 woo wtg
        2.2 ('-: (: (= --<--<@ :] ;-* =) @}-;-'--- \o/ admirableness adorability adorable adorations affectionately
        2.2 agreement amazed amazements amazes amusedly attractively beneficently benignant blessing bravery care
        2.2 caring championships charities charmingly cheeriest cherisher cherishes compassionate confident
        2.2 congratulate courage cutesiest cuties darlings dearie devotionally dignified energise energises enjoy
        2.2 enjoyer enjoyers enlightened enthusiastic excelled excitement exciting fascination favorableness festival
        2.2 festively festivity friend friendlies friendly funner glorifies gracefuller gracefulness gratefulness hagd
        2.2 hagn hand handsome heroisms heroizes honesty honor honorability honorableness honorifically honoured
        2.2 honours hugs innovate inspired inspirer intellectualism invincible jollification joys kinder kindly kmuf
        2.2 l&r laughing laughs laughter laughters lovelies merriness merrymaker merrymaking motivating nh nicest o:-3
        2.2 optimize passions peaceful peacetime perfectivity positivenesses praised preciously pretty prouder
        2.2 reinvigoration relaxed relaxing respecting rewarded richness romanced romanticism safely save splendorous
        2.2 splendour splendours splendrous strength strengthening succeed succeeding succeeds successfully sunshine
        2.2 superiorly supremest sweetie sweetness sweets triumphed trustiest trusty virtuosic w00t wealth wealthier
        2.2 wealthiest |;-)
        2.3 (': *\0/* ---'-;-{@ :') :-d :3 :d =d admired admiringly adventuring amoroso amorously appreciated
        2.3 appreciates appreciation beautify beautifying beloved beneficent bl bravely bravest brilliancies cheer
        2.3 cheered cheering cherished cleverly cleverness comfortable complimenting confidence courageously courteous
        2.3 cuteness cuter darlingness dauntless delighted delightsome divinize earnest ecstasies ecstatic encourage
        2.3 energized enjoyed enjoys enlighten enlightening enterprising entertainments ethical excitedly flawless
        2.3 free fun funned generosity generous glamorous glorified glorifier gorgeously graciously gratifying
        2.3 gratitude h&k heaven heavenlinesses helpfully heroes honest honorees honoring honors hooray hopeful
        2.3 humorously impressive inspirational inspirationally intellectual iyq jolly jollying joyance k4y kfy
        2.3 kindnesses kisses kudos laughingly liberties luckily magnific magnificences muah o:3 passionateness
        2.3 perfecting pleasant pleasantness pleasantnesses pleasured positiveness positiver positivity prize
        2.3 prizewinner reinvigorate rescue revered smilingly splendidness strong sunnier supremeness supremer
        2.3 survived swak sympathetic talented tgif tia tops triumphantly triumphing trust trustable trustworthily
        2.3 valuably vip winningly woohoo xoxozzz
        2.4 (:0 *-; 14aa41 =-d admirability adoringly affection awardable beauties beautifications beneficially brave
        2.4 braver champions charmingest cheerly congrats courageous creditworthy delightedly encouraging enjoying
        2.4 entertains excellencies fabulous fascinate festiveness gain generousness glamorizer glamorizes glamour
        2.4 gloried glorifying gracefully graciousness grandest grandeur handsomeness happier heroically heroics
        2.4 honorably humorousness hurrahing hurrays ideal inspiration jollied jollier joyfuller justice kind liberty
        2.4 lovers magnifical magnifically magnificence merrily merriment merrymakings optimist passionate
        2.4 passionately peacefully peacemakers pleasing pleasurable pleasurableness positively positives praises
        2.4 praiseworthiness prized prizewinners profitableness r&r relaxation respectability rewarding rewardingly
        2.4 richer riches richest sexy sgtm sunniest triumphant vibrant virtuous visionary wealthiness winning wisdom
        2.4 worshiped yay yummy
        2.5 (:o :* aas admirably admiration adorableness amaze amazement award beauteous blessings bonus brightening
        2.5 bwahahah cheerful cheerily cheeriness excellences excellency excelling excels fascinating fondness fwb gla
        2.5 glory heartfelt honorable impressing jolliness joyfully joying lmfao loyalty masterpieces merry mwah
        2.5 optimism peace perfections praising roflmao rotflmfao self-confident smiled superior treasurable tyvm
        2.5 welldoer winnings wowing ywia
        2.6 (8 1432 :^* admirable adore adoring appreciative appreciator b^d beauteously beautifulest beautifulness
        2.6 blesser blesses bonuses brilliancy cheerier cheery cleverest dearest delighters divine enjoyment
        2.6 enthusiastically fantastic friendliest funniest gallantry generosities gloriousness gracious hahaha
        2.6 handsomest happily happiness hero heroic hurrah ily2 inspiringly laugh ly lylas mirth pleasantest
        2.6 pleasurably positive positivities praise praiseworthy proudest proudly ptl remarkable rich romance rotfl
        2.6 securest sophisticated splendiferous successes supreme treasured trustworthy vwd wowed x-d
        2.7 :'-) aayf beauteousness beautifully benevolent bliss celebrate celebrated celebrates celebrating delicious
        2.7 delightfully divinest divinity excellent glorify gr8 happy heavenliest heavenliness heroine honour hurray
        2.7 iluaaf inspire jollily joyfulness kissing lmso lolz loves lovingness ly4e lylab merriest mirthful
        2.7 overjoyed perfect perfected perfection pleasure precious prettiest reward rofl romanticising sfete
        2.7 splendent success successfulness supremely tenderheartedly thankful warmheartedness wd wins won wonderful
        2.7 worshipped
        2.8 (-:0 2g2b4g :-)) alol amazing beauty beneficence blessedest brilliant charming cutest darling delectably
        2.8 delightful ecstatically exhilarates exuberant fabulousness godsend gracefullest heroism honored joy
        2.8 joyousness lifesaver lovely lover loverly miracle pleasuring pukka rejoicing rotflmao sete splendid
        2.8 successful sweethearts tenderheartednesses win winner wow xd
        2.9 8d adoration ambw beautiful bff blessed blissful blockbuster brilliance brilliances champion
        2.9 congratulation congratulations delectable delight divinely ecstasy ecstatics funnest gleeful gloriously
        2.9 gorgeousness heroical jolliest joyed joyful joyously lmao loved loving luckiest magnificent marvelous
        2.9 positivest rotgl soulmate super wonderfully wonderfulness
        3.0 amor brightest brilliantly enrapture exhilarated exultant gorgeous hallelujah heavenlier heavenly
        3.0 honestest jubilant lovable lyb outstanding perfectness prizewinning rotflol smartest splendor sweet<3 xlnt
        3.0 xoxo
        3.1 awesome excellence excellently great joyous lyl masterpiece peacefullest perfectest superb vbs
        3.2 143 best cheerfullest elated euphoric freedom glee glorious greatest happiest heart love lovingly paradise
        3.2 perfectly
        3.3 ecstacy euphoria hearts lya sweetheart
        3.4 aml ilu ily magnificently
        """###
}
