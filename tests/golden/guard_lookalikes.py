"""Which events look alike and are not one?

Pairs of incidents of one kind in one town on two days, each told by two outlets; and events of a
year ago with what is published on their anniversary. All invented.
"""

from __future__ import annotations

from guard_texts import Report

FIRES = [
    Report(
        "marlow-street",
        "Selwyn Herald",
        "18 07:20",
        "Mother and two children die in Port Selwyn flat fire",
        """
A mother and her two young children died when fire tore through their flat in Port Selwyn in the
early hours of Tuesday.

Firefighters found the three in a bedroom on the third floor of a block in Marlow Street. A
neighbour who tried to reach them was taken to hospital with burns, fire chief Douglas Orme said.

The fire is thought to have started in the kitchen at about 2.40 am. It took four crews an hour to
put it out.

The block, owned by the Quayside housing association, has no sprinklers. Tenants said that the
smoke alarms on the stairs had been out of order since Christmas.

"We heard her calling from the window, and then we did not hear her any more," said Agnes Tolley,
who lives across the street.

The association said that it would cooperate fully with the inquiry.
""",
    ),
    Report(
        "marlow-street",
        "Coastal News Agency",
        "18 10:05",
        "Smoke alarms 'did not work' in block where family of three died",
        """
The smoke alarms in a Port Selwyn apartment block had been broken for months before a fire in
which a woman and her children, aged four and six, lost their lives, residents say.

The blaze began shortly before three on Tuesday morning in the kitchen of the family's flat in
Marlow Street. By the time ladders reached the third floor it was too late.

Fire chief Douglas Orme confirmed three deaths. A man from the flat next door is being treated for
burns after he tried to force the door.

Quayside, the housing association that runs the building, declined to comment on the alarms, but
said it would help investigators.

Neighbours laid flowers and stuffed animals on the pavement. "She called for help from the
window," said Agnes Tolley.
""",
    ),
    Report(
        "harbour-road",
        "Selwyn Herald",
        "20 07:40",
        "Man killed as fire destroys Port Selwyn boatyard",
        """
A man died and two were injured when fire swept through a boatyard in Port Selwyn in the early
hours of Thursday.

Firefighters found the body in a workshop at Trask Brothers in Harbour Road, fire chief Douglas
Orme said. The dead man is believed to be a welder, aged 58, who had been working late on a
trawler.

Gas cylinders exploded in the heat and windows were broken as far away as the fish market. Seven
crews fought the flames for five hours, and eleven boats were lost.

The fire seems to have begun in a paint store at about 1.15 am.

"Forty years of work went in one night," said Emlyn Trask, who owns the yard with his brother.

Two night-shift workers are in hospital with cuts and smoke poisoning.
""",
    ),
    Report(
        "harbour-road",
        "Coastal News Agency",
        "20 11:30",
        "Welder dies, eleven boats burn at Trask Brothers yard",
        """
Eleven boats were destroyed and a welder was killed by a fire at one of the oldest boatyards on
the coast.

Explosions of gas cylinders woke people all over Port Selwyn soon after one on Thursday morning,
when the paint store of Trask Brothers in Harbour Road caught fire. The flames spread to the
slipway, where fishing boats lay for repair.

The victim, 58, had stayed behind to finish a job on a trawler. Two other men got out with cuts
and were treated for smoke.

According to fire chief Douglas Orme it took seven crews until six in the morning to bring the
blaze under control.

The yard was founded in 1921. Emlyn Trask, a grandson of the founder, said he did not know whether
it would be rebuilt.
""",
    ),
]

SHOOTINGS = [
    Report(
        "barber",
        "Calder Star",
        "17 22:15",
        "Barber shot dead in front of customers in Calder Heights",
        """
A barber was shot dead in front of his customers in Calder Heights on Monday evening.

Two men on a motorcycle stopped outside the Golden Razor in Delancey Avenue shortly after six,
police said. One of them walked in, fired four times at the owner, Kamal Haddad, 39, and left
without a word.

Three customers were in the shop. None of them was hurt.

Police captain Irene Soto said that investigators were looking into whether the father of three
had been asked for protection money. The motorcycle was found burning behind the bus depot.

"He cut my hair since I was five," said Luis Prado, one of dozens who gathered at the police tape.

The shooting is the ninth killing in Calder Heights since January.
""",
    ),
    Report(
        "barber",
        "Metro Wire",
        "18 08:30",
        "Police look at extortion after murder of Calder Heights hairdresser",
        """
Detectives investigating the murder of a barber in Calder Heights believe that he may have refused
to pay a gang.

Kamal Haddad was standing behind the chair of his shop, the Golden Razor, when a gunman came in on
Monday at about six in the evening and shot him four times. The killer fled on the back of a
motorcycle, which was later found on fire near the bus depot.

Captain Irene Soto, who heads the inquiry, said that other traders in Delancey Avenue had received
threats.

Haddad, 39, leaves a wife and three children. Three customers who saw the attack are being looked
after.

Luis Prado, a client for twenty years, said that the barber had told him he was afraid.
""",
    ),
    Report(
        "prom",
        "Calder Star",
        "19 23:50",
        "Two teenagers shot dead at party in Calder Heights",
        """
Two teenagers were shot dead and five were wounded at a birthday party in Calder Heights on
Wednesday evening.

Shots were fired from a passing car at about nine as guests stood in the garden of a house in
Linden Close, police said. The dead are a boy of 16 and a girl of 17, both pupils of the Wharton
High School.

One of the wounded, a girl of 15, is in a critical condition.

Police captain Irene Soto said that it was not clear whether anyone at the party had been a
target. More than thirty cartridge cases were found in the road. A dark pickup was seen driving
off.

"They were dancing, and then they were on the ground," said the host's aunt, Rosalind Meeks.

Classes at Wharton High are cancelled for the rest of the week.
""",
    ),
    Report(
        "prom",
        "Metro Wire",
        "20 07:10",
        "School in mourning after drive-by shooting at birthday party",
        """
Pupils of the Wharton High School wept and hugged at its gates on Thursday morning, hours after
two of their friends were killed by shots from a pickup.

The victims, a girl of 17 and a boy a year younger, were among forty guests at a birthday party in
Linden Close, Calder Heights. Five others were hit, and doctors are fighting for the life of a
15-year-old.

Captain Irene Soto said that officers had picked up over thirty cartridge cases. Who was meant,
and why, is unknown.

Rosalind Meeks, in whose sister's garden the party took place, said that the children had been
dancing when the dark truck came by at about nine on Wednesday.

The head teacher has cancelled classes until Monday.
""",
    ),
]

STRIKES = [
    Report(
        "market-strike",
        "Levant Post",
        "17 15:40",
        "Air strike on market in Tel Amran kills 31",
        """
At least 31 people were killed on Monday when warplanes bombed a vegetable market in the
rebel-held town of Tel Amran, rescue workers said.

Two missiles hit the stalls shortly before noon, when the market was crowded, according to the
volunteer rescue group Sahem. Women and nine children are among the dead. Pictures showed bodies
between crates of tomatoes.

The group's local head, Yusuf Barakat, said that more than seventy people had been wounded and
that the town's only surgeon was operating without anaesthetics.

The government said that its air force had struck "a gathering of terrorists". The rebels of the
Northern Front have held Tel Amran since 2015.

The United Nations envoy, Marguerite Aubert, called for an immediate end to attacks on civilians.
""",
    ),
    Report(
        "market-strike",
        "World Desk",
        "17 19:00",
        "Dozens dead as jets bomb vegetable stalls in rebel-held Tel Amran",
        """
Government jets bombed a market in Tel Amran on Monday, killing 31 people or more, in one of the
deadliest attacks on the rebel-held town.

Shoppers were buying vegetables when two missiles fell around midday. Rescuers of the Sahem group
dug with their hands, and their chief in the town, Yusuf Barakat, counted nine children among the
bodies.

Over seventy people were hurt. The only surgeon left in Tel Amran has run out of anaesthetics, an
aid worker said.

State television reported that a gathering of terrorists had been hit. It showed no pictures.

"A market at noon is not a military target," said Marguerite Aubert, the envoy of the United
Nations, who asked for a halt to the raids.
""",
    ),
    Report(
        "hospital-strike",
        "Levant Post",
        "19 16:10",
        "Air strike on hospital in Tel Amran kills 12",
        """
At least 12 people were killed on Wednesday when warplanes bombed the maternity hospital of the
rebel-held town of Tel Amran, rescue workers said.

A barrel bomb went through the roof of the al-Noor hospital before dawn and destroyed the delivery
rooms, according to the volunteer rescue group Sahem. Four new-born babies, three nurses and a
midwife are among the dead.

The group's local head, Yusuf Barakat, said that incubators had lost power and that mothers were
carried to a school in blankets.

The government denied that its air force had been active over the town. The rebels of the Northern
Front have held Tel Amran since 2015.

The charity Doctors Without Walls, which paid for the hospital, said it had given its coordinates
to all sides.
""",
    ),
    Report(
        "hospital-strike",
        "World Desk",
        "19 20:20",
        "Babies among dead as barrel bomb hits maternity ward",
        """
A barrel bomb wrecked the maternity ward of al-Noor hospital in Tel Amran before dawn on
Wednesday. Twelve people died, four of them new-born babies.

Three nurses and a midwife were killed as well, said the charity Doctors Without Walls, which
supports the clinic. It had handed the building's coordinates to every party to the war.

Rescuers from Sahem carried mothers in blankets to a nearby school after the incubators had lost
power. "There is nowhere left to give birth here," said Yusuf Barakat, who leads them.

Damascus said that none of its aircraft had flown over Tel Amran. The town has been in the hands
of the Northern Front for two years.
""",
    ),
]

DISASTER = [
    Report(
        "bridge-2016",
        "Daily Courier",
        "18 23:10",
        "Footbridge collapses at Winsford fair, killing 17",
        """
Seventeen people were killed and more than sixty injured on Monday evening when a footbridge over
the river Wend collapsed under the weight of visitors to the Winsford spring fair.

The bridge was packed with families waiting for the fireworks when the middle span gave way at
about nine, witnesses said. Dozens fell eight metres into the water.

Boat owners pulled people out until long after midnight. "There were pushchairs floating," said
the ferryman Otis Lamb.

The bridge was built in 1962. Mayor Patricia Denholm said that it had been inspected two years ago
and found safe for four hundred people; the police estimate that twice as many stood on it.

Engineers will examine the cables, two of which had snapped. The fair has been cancelled.
""",
    ),
    Report(
        "bridge-2016",
        "Western Messenger",
        "19 07:15",
        "Snapped cables, too many people: how the Winsford bridge fell",
        """
Two cables snapped before the footbridge at Winsford gave way beneath some eight hundred people on
Monday night, engineers have found.

Seventeen of them died in the river Wend, and over sixty are in hospital. They had come to watch
the fireworks of the spring fair.

Patricia Denholm, the mayor, said that the bridge, opened in 1962, had been declared safe for four
hundred at its last inspection two years ago. No one counted those who went onto it.

The middle span fell at about nine in the evening. Among the first to help was Otis Lamb, whose
ferry took forty people out of the water.

The public prosecutor has asked for the records of the inspection.
""",
    ),
]
"""Published a year earlier than the day says."""

ANNIVERSARY = [
    Report(
        "memorial-2017",
        "Daily Courier",
        "18 19:30",
        "Winsford remembers bridge victims one year on",
        """
Bells rang seventeen times in Winsford on Tuesday evening for those who died a year ago when the
footbridge over the river Wend collapsed during the spring fair.

Several hundred people walked in silence from the church to the river, where relatives threw white
roses into the water. A granite stone with the names of the dead was unveiled by Princess
Adelheid.

"Every spring I shall hear the fireworks that never came," said Leonie Marsden, who lost her
husband and a son.

Mayor Patricia Denholm asked for forgiveness on behalf of the town. Some of the mourners turned
their backs as she spoke, because nobody has been charged so far.

A choir of schoolchildren sang. There will be no fair in Winsford this year.
""",
    ),
    Report(
        "memorial-2017",
        "Western Messenger",
        "18 21:00",
        "White roses on the Wend: mourners turn backs on Winsford mayor",
        """
Families of the people who drowned at Winsford turned their backs on the mayor on Tuesday as she
asked them to forgive the town.

Patricia Denholm spoke at a ceremony one year after the bridge disaster, in which seventeen
visitors to the spring fair lost their lives. No one has been brought to court.

After the bells had tolled, a silent march of several hundred went down to the Wend, and white
roses were thrown from the bank. Princess Adelheid unveiled a granite stone that bears the names.

"I do not want an apology, I want a trial," said Leonie Marsden, whose husband and son died.

The ceremony ended with songs by pupils of the primary school.
""",
    ),
    Report(
        "recap-2017",
        "The Week in Depth",
        "15 06:00",
        "One year after the Winsford bridge collapse: what we know",
        """
On 18 April last year a footbridge at Winsford fell into the river Wend with some eight hundred
people on it. Seventeen died. What has been learned since?

The bridge, built in 1962, was packed with visitors of the spring fair who waited for fireworks
when the middle span gave way. Two cables had rusted through inside their sheaths, the expert
Farid Benali wrote in his report in November.

The last inspection, two years before, took twenty minutes. The inspector has since retired.

Who is responsible? The town says that the county should have checked the cables; the county says
the bridge belongs to the town. The public prosecutor is waiting for a second report.

More than sixty people were hurt, and eleven of them still cannot work. An insurance fund has paid
out 3.2 million so far.
""",
    ),
]

PAIRS = {"fires": FIRES, "shootings": SHOOTINGS, "air strikes": STRIKES}
