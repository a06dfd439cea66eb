"""Which events do the guards' tests tell of?

Eight events that have nothing to do with each other, each in two independent reports of different
outlets. Every sentence, outlet, person and place is invented.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """One report: `at` is a day of April and the hour, as "18 09:30". Between the paragraphs of
    `text` are blank lines; within one, line ends are spaces."""

    story: str
    source: str
    at: str
    title: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """Without line ends in them."""
        return [" ".join(one.split()) for one in self.text.strip().split("\n\n")]


EVENTS = [
    Report(
        "warehouse",
        "Daily Courier",
        "18 06:40",
        "Huge fire guts tyre warehouse in Kelbrook",
        """
Nearly a hundred firefighters spent the night battling a blaze that destroyed a tyre warehouse on
the Saltmarsh trading estate in Kelbrook, sending a column of black smoke across the town.

The fire broke out shortly after 11 pm on Monday at the premises of Harrow Tyre Recycling and was
still burning at dawn, station manager Colette Ambrose said. About 60,000 used tyres were stored
on the site.

Families in Quarry Lane and Tanner Street were told to keep their windows shut, and two primary
schools will stay closed on Tuesday.

Nobody was hurt. A night watchman, Piotr Zawada, raised the alarm after he saw flames coming
through the roof of the loading bay.

"It went up like a torch, and then the tyres began to burst," he said.

The cause is not known. Crews from four counties are expected to remain at the scene until
Thursday.
""",
    ),
    Report(
        "warehouse",
        "Marsh Valley Radio",
        "18 08:15",
        "Schools shut as smoke from Kelbrook tyre blaze drifts over homes",
        """
Two primary schools in Kelbrook are closed this morning because of thick smoke from a burning tyre
store.

Harrow Tyre Recycling on the Saltmarsh estate caught fire late on Monday. The building is lost,
the fire service says, and some 60,000 old tyres inside it could smoulder for days.

Colette Ambrose, who leads the operation, told us that 95 firefighters had been sent from four
counties. "We are keeping it away from the fuel depot next door, and that is going well," she
said.

The watchman who noticed the flames, Piotr Zawada, got out unharmed, and there are no reports of
injuries.

Residents of Tanner Street and Quarry Lane are asked to stay indoors with windows closed. The
council has opened the sports hall for anyone with breathing trouble.

Investigators will begin to look for the cause once the site is safe to enter.
""",
    ),
    Report(
        "library",
        "Daily Courier",
        "18 21:10",
        "Hessleton councillors vote to close six of nine libraries",
        """
Six of the nine public libraries in Hessleton will shut in September after councillors approved
the cuts by 27 votes to 24 at the end of a stormy meeting on Tuesday evening.

The branches at Fernhill, Oak Green, Station Road, Whitby Close, Pelham and the Docks will go. The
council leader, Maurice Tindall, said that the decision would save 1.4 million a year.

More than three hundred people protested in front of the town hall, many of them with children
carrying picture books.

"You cannot put a price on the only warm room in Oak Green where a child can read," said Beatrice
Fallow of the Friends of Hessleton Libraries.

Four councillors of the ruling group voted against their leader. The opposition wants the plan to
be reviewed by the county auditor, and the Friends said they would go to court.
""",
    ),
    Report(
        "library",
        "Northern Ledger",
        "19 07:00",
        "Rebels fail to save Hessleton's libraries as cuts pass by three votes",
        """
A rebellion by four members of the ruling group was not enough to stop Hessleton council from
closing most of its libraries.

By 27 to 24, councillors agreed on Tuesday night to shut six branches in September, among them
Fernhill, Pelham and Station Road. Three will remain open. Council leader Maurice Tindall argued
that the town had to find 1.4 million a year and that lending had halved in a decade.

His own deputy, Sunita Rao, was among those who voted no. "We were elected on a promise to keep
them," she told the chamber to applause from the gallery.

Outside the town hall some three hundred protesters read aloud from children's books. Campaigners
led by Beatrice Fallow have begun to collect money for a legal challenge, which they hope to file
before the summer.
""",
    ),
    Report(
        "breach",
        "Daily Courier",
        "19 11:25",
        "Northgate Mutual admits hackers took data of 2.3 million customers",
        """
The insurer Northgate Mutual said on Wednesday that intruders had copied the records of 2.3
million policyholders, including dates of birth, addresses and in some cases bank details.

The theft went unnoticed for eleven weeks. It came to light when a security firm found part of the
files offered for sale on a criminal forum, the company said in a statement to the stock exchange.
Its shares fell nine percent.

Chief executive Gwendolen Marsh apologised. "We have let our customers down and we are writing to
each of them," she told reporters on a call.

The attackers are thought to have used the password of a contractor who had left in January. The
information commissioner, Edmund Skerry, has opened an inquiry and can fine the insurer up to four
percent of its turnover.
""",
    ),
    Report(
        "breach",
        "Capital Monitor",
        "19 14:50",
        "Insurer's shares dive after theft of policyholder records",
        """
Shares in Northgate Mutual lost nine percent of their value after the company disclosed that
thieves had stolen personal data belonging to 2.3 million of the insurer's customers.

Addresses and birth dates were taken, and for some policyholders also account numbers. The hackers
had been in its systems for eleven weeks before a security firm spotted samples of the data for
sale.

They got in with the login of a former contractor, which nobody had switched off, according to two
people familiar with the inquiry.

Edmund Skerry, the information commissioner, said his office would look at why it took the insurer
so long to notice. Analysts at Brandt Securities put the possible fine at 80 million.

Gwendolen Marsh, chief executive since last year, said each customer concerned would get a letter
and two years of free credit monitoring.
""",
    ),
    Report(
        "museum",
        "Daily Courier",
        "20 09:05",
        "Thieves steal bronze-age gold from Aldermere museum in four minutes",
        """
Burglars broke into the Aldermere museum in the early hours of Thursday and made off with a hoard
of bronze-age gold that experts call irreplaceable.

Three masked men sawed through a window grille, smashed two cases with sledgehammers and left
after four minutes, detective inspector Rhona Lyle said. They took the Aldermere torc and eleven
bracelets, found by a ploughman in 1931.

The alarm rang at 3.12 am, but the first patrol arrived only after the thieves had gone. A
burnt-out van was discovered later beside the canal at Tetcott.

"Melted down it would be worth a fraction of what it means to this country," said the museum's
director, Ignatius Bell, close to tears.

Ports have been alerted. The museum has offered 50,000 for information that leads to the gold.
""",
    ),
    Report(
        "museum",
        "Heritage Wire",
        "20 13:30",
        "Reward offered after raid on Aldermere's gold hoard",
        """
The director of the Aldermere museum has appealed for the return of a torc and eleven gold
bracelets stolen overnight, and has put up a reward of 50,000.

Ignatius Bell said that the objects, some 3,200 years old, were too well known to be sold. His
fear is that they will be melted down.

Detective inspector Rhona Lyle described a raid that was carefully planned. Three men in masks cut
the grille of a ground-floor window soon after three in the morning and broke open two display
cases. Cameras show them leaving four minutes later.

A van found in flames near the canal at Tetcott is thought to have been the getaway vehicle.

The hoard came to light in 1931, when a ploughman named Silas Oram struck the torc with his blade.
""",
    ),
    Report(
        "bus",
        "Daily Courier",
        "20 18:20",
        "Five pensioners die as coach leaves mountain road near Drumlaw",
        """
A coach carrying pensioners home from a choir festival plunged down an embankment near Drumlaw on
Thursday afternoon, killing five people and injuring twenty-two.

The coach, operated by Finlay's Tours, was on its way down the Corrie pass when it went through a
barrier on a bend and rolled forty metres, according to the highway patrol. Hikers were the first
to reach the wreck.

Six of the injured are in a critical condition at the Royal Infirmary in Strathmoor, where a
helpline has been set up. The driver, 51, survived and is being questioned.

"There was a bang under the floor, and then he shouted that he had no brakes," said one passenger,
Moira Catterick, 74.

The road will stay closed until Friday while the coach is lifted out. The choir belongs to St
Bride's church in Ardlennan.
""",
    ),
    Report(
        "bus",
        "Strathmoor Evening News",
        "20 20:45",
        "Choir coach crash: driver 'shouted that brakes had failed'",
        """
Passengers have told how the driver of a choir's coach cried out that his brakes were gone,
seconds before it crashed through a barrier on the Corrie pass above Drumlaw.

Five members of the St Bride's choir of Ardlennan, all in their seventies and eighties, were
killed on Thursday and twenty-two people were taken to the Royal Infirmary in Strathmoor. Six of
them are fighting for their lives.

Moira Catterick, who sat in the third row, said she heard a bang below her feet. "We went over and
over," she said from her hospital bed.

The owner of Finlay's Tours, Gregor Finlay, said that the vehicle had been inspected five weeks
ago. Police are talking to the driver, aged 51.

Two hikers climbed down to the wreck and pulled out eleven people before ambulances came.
""",
    ),
    Report(
        "vaccine",
        "Daily Courier",
        "21 07:45",
        "Single-dose malaria jab protects three in four children in trial",
        """
A new malaria vaccine that needs only one injection protected 77 percent of the children who
received it, according to the results of a trial published on Friday.

Some 4,800 children under five took part in Burkina Faso and Malawi. During the year that
followed, those who had been given the vaccine, known as MV-12, fell ill a quarter as often as
those who had not, the researchers write.

"For families who walk a day to the nearest clinic, one visit instead of four changes everything,"
said professor Adaeze Nwosu of the Lindqvist Institute, who led the study.

Side effects were mild. The team does not yet know how long the protection lasts. A larger trial
with 30,000 children is to begin in October, and the makers hope for a licence in three years.
""",
    ),
    Report(
        "vaccine",
        "Science Gazette",
        "21 10:00",
        "One shot against malaria: MV-12 vaccine cuts illness by 77 percent",
        """
Researchers at the Lindqvist Institute have reported that their malaria vaccine MV-12 works after
a single dose.

In a trial among 4,800 young children in Malawi and Burkina Faso it reduced the number of malaria
episodes by 77 percent over twelve months. Vaccines used so far take three or four injections to
do less.

The trick is a tiny capsule that releases the antigen in pulses over ten weeks, explained Adaeze
Nwosu, the study's first author. Fever on the day after the injection was the most common side
effect.

Independent experts were impressed but cautious. Whether protection wanes in the second year is
unknown, said the epidemiologist Hal Grinde, who was not involved.

The next study is to start in October with 30,000 children. If that goes well, MV-12 could be
approved within three years.
""",
    ),
    Report(
        "transfer",
        "Daily Courier",
        "21 16:10",
        "Striker Tavares leaves Rovers for record fee",
        """
Benedito Tavares is to leave Kingsport Rovers for Atletico Maris in the most expensive transfer
that the league has ever seen.

The clubs agreed on a fee of 94 million on Friday afternoon, and the 24-year-old striker passed a
medical in Maris two hours later. He has signed for five years.

Tavares scored 31 goals last season, when the Rovers finished second. Supporters gathered at the
gates of Bellfield Park, some of them burning shirts with his number nine.

"He wanted to go, and at that price we could not keep him," said the Rovers' chairman, Lorcan
Pike. The manager, Vesna Ilic, said she had been told by telephone.

The club intends to spend part of the money on a replacement, with Dunmore United's Eli Baptiste
at the top of the list.
""",
    ),
    Report(
        "transfer",
        "Touchline",
        "21 18:30",
        "Tavares to Atletico Maris: what 94 million buys",
        """
So it is done. Benedito Tavares, 31 goals in 36 games for Kingsport Rovers, will wear the blue of
Atletico Maris for the next five years, and the Spanish side will pay 94 million for the pleasure.

No club in the league has ever received more. The striker, who turned 24 in March, flew out on
Friday and had finished his medical before most fans knew that he was gone.

At Bellfield Park shirts were set on fire. Chairman Lorcan Pike said that it was impossible to
hold a player who did not want to stay, while Vesna Ilic, his coach, let it be known that nobody
had asked her.

Now the Rovers need a number nine. Eli Baptiste of Dunmore United is the name most often heard.
""",
    ),
    Report(
        "flood",
        "Daily Courier",
        "22 07:30",
        "Thousands flee as dyke bursts on the river Osk",
        """
More than four thousand people were brought to safety during the night after a dyke on the river
Osk gave way near the village of Lower Hamm.

The breach is sixty metres wide, and water stands up to the window sills in three villages, the
district governor, Jaroslav Vit, said on Saturday. The army is using helicopters to drop sandbags.

Two men are missing. They were last seen on the dyke when it broke, shortly after one in the
morning.

"We had ten minutes. I took the dog and my mother's papers," said Hana Koutna, who reached the
school in Brezno by boat.

It has rained for six days in the hills. The weather service expects the crest of the flood to
pass on Sunday, and farther downstream the town of Litava is building a wall of sandbags around
its hospital.
""",
    ),
    Report(
        "flood",
        "Central Tribune",
        "22 11:15",
        "Two missing, villages under water after Osk dyke fails",
        """
Soldiers and volunteers were racing on Saturday to close a gap in the dyke at Lower Hamm, through
which the swollen river Osk has drowned three villages.

Some four thousand residents had to leave their homes in the dark. Two men who had been watching
the dyke are missing since it collapsed at about one o'clock, governor Jaroslav Vit said.

Helicopters were dropping sandbags into the hole, by now sixty metres across. Six days of rain
have brought the Osk to its highest level since records began.

In the school at Brezno, where hundreds slept on mats, Hana Koutna waited for news of her
neighbours. "There was no siren," she said. "The fire brigade banged on the doors."

Downstream in Litava, where the peak is expected on Sunday, patients were being moved to upper
floors.
""",
    ),
]


def told_by(story: str) -> list[Report]:
    """Both reports of one event."""
    return [one for one in EVENTS if one.story == story]


FIRST = EVENTS[::2]
"""One report of each event, all of the Daily Courier."""
