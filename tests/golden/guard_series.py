"""What do outlets publish every day in the same words, or about everything at once?

Generators of issues of templates, of briefings and live blogs over given reports, of a chain of
articles whose topic drifts, and of many reports of one event.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from guard_texts import Report

# -- templates ------------------------------------------------------------------------------------

_MARKET = """
{city} stocks closed {move} on {weekday}, with the benchmark {index} index {verb} {points} points,
or {percent} percent, to {level}.

{up} shares rose and {down} fell on a turnover of {turnover} million. {best} led the gainers with
a rise of {best_percent} percent, while {worst} lost {worst_percent} percent.

In the currency market the krona was quoted at {krona} to the dollar, after {krona_before} on the
previous day. The yield of the ten-year bond stood at {bond} percent. A barrel of oil cost {oil}
dollars and an ounce of gold {gold}.

Dealers said that trading had been quiet. The exchange opens again at nine.
"""
_FIRMS = ("Halvorsen", "Nordbank", "Osterlund Steel", "Vega Shipping", "Tindra", "Kvist Paper")


def market_reports(days: Sequence[int], *, source: str = "Exchange Desk") -> list[Report]:
    """The closing report of a stock exchange on some days of April."""
    made = []
    for day in days:
        chance = random.Random(day)
        best, worst = chance.sample(_FIRMS, 2)
        up = chance.random() < 0.5
        text = _MARKET.format(
            city="Sundvik",
            index="SX-30",
            weekday=_weekday(day),
            move="higher" if up else "lower",
            verb="gaining" if up else "losing",
            points=f"{chance.uniform(3, 60):.1f}",
            percent=f"{chance.uniform(0.1, 2.4):.2f}",
            level=f"{chance.uniform(2300, 2700):,.1f}",
            up=chance.randint(40, 160),
            down=chance.randint(40, 160),
            turnover=chance.randint(300, 900),
            best=best,
            worst=worst,
            best_percent=f"{chance.uniform(2, 9):.1f}",
            worst_percent=f"{chance.uniform(2, 9):.1f}",
            krona=f"{chance.uniform(8.3, 9.1):.2f}",
            krona_before=f"{chance.uniform(8.3, 9.1):.2f}",
            bond=f"{chance.uniform(0.4, 0.9):.2f}",
            oil=f"{chance.uniform(48, 56):.2f}",
            gold=f"{chance.uniform(1220, 1290):,.0f}",
        )
        title = f"Sundvik stocks close {'higher' if up else 'lower'}"
        made.append(Report(f"market-{day}", source, f"{day} 17:05", title, text))
    return made


_WEATHER = """
Forecast for {town} and surroundings for {weekday}, issued by the weather desk at five in the
morning.

The day begins {sky}, with a temperature of {low} degrees at sunrise. By the afternoon it reaches
{high} degrees. The wind blows from the {quarter} at {wind} kilometres an hour, with gusts of
{gust}. Between noon and evening {rain} millimetres of rain are expected, and the chance of a
thunderstorm is {storm} percent.

Sunrise is at 6.{rise}, sunset at 8.{set}. The pollen count is {pollen}, and the air quality index
stands at {air}.

The next forecast for {town} will be issued tomorrow at the same time. Take an umbrella if you
leave the house for long.
"""


def weather_reports(days: Sequence[int], towns: Sequence[str]) -> list[Report]:
    """The forecast of one desk for each town on each day."""
    made = []
    for day in days:
        for town in towns:
            chance = random.Random(f"{day} {town}")
            text = _WEATHER.format(
                town=town,
                weekday=_weekday(day),
                sky=chance.choice(["cloudy", "with sunshine", "foggy", "clear"]),
                low=chance.randint(2, 9),
                high=chance.randint(11, 22),
                quarter=chance.choice(["north", "west", "south-west", "east"]),
                wind=chance.randint(8, 40),
                gust=chance.randint(41, 90),
                rain=chance.randint(1, 30),
                storm=chance.randint(5, 95),
                rise=chance.randint(10, 30),
                set=chance.randint(10, 30),
                pollen=chance.randint(10, 120),
                air=chance.randint(20, 90),
            )
            title = f"Weather for {town}: {_weekday(day)}"
            made.append(
                Report(f"weather-{day}-{town}", "Weather Desk", f"{day} 05:00", title, text)
            )
    return made


_LOTTERY = """
The winning numbers of the state lottery drawn on {weekday} evening are {numbers}. The bonus
number is {bonus}.

{winners} players had five numbers right and receive {second} each. Four numbers win {third},
three numbers {fourth}. Nobody guessed all six, so that the jackpot rises to {jackpot} million for
the next draw.

The draw took place under the supervision of a notary. Tickets for the next draw are on sale until
seven in the evening. Winners have ninety days to claim their prize at any post office. All
figures are without guarantee.
"""


def lottery_draws(days: Sequence[int]) -> list[Report]:
    """The numbers of each draw."""
    made = []
    for day in days:
        chance = random.Random(day)
        text = _LOTTERY.format(
            weekday=_weekday(day),
            numbers=", ".join(map(str, sorted(chance.sample(range(1, 50), 6)))),
            bonus=chance.randint(1, 49),
            winners=chance.randint(3, 80),
            second=f"{chance.randint(20_000, 90_000):,}",
            third=chance.randint(200, 900),
            fourth=chance.randint(10, 40),
            jackpot=chance.randint(2, 30),
        )
        made.append(
            Report(f"lottery-{day}", "Lottery Service", f"{day} 21:15", "Lotto results", text)
        )
    return made


_MATCH = """
{home} beat {away} {score} at {ground} in the second division on {weekday} evening in front of
{crowd:,} spectators.

{first} put the hosts ahead in the {minute_one} minute, and {second} added another after
{minute_two} minutes. The visitors had {shots} shots at goal and {corners} corners. The referee
showed {cards} yellow cards.

{home} now have {points_home} points from {games} games and stand in place {place_home}. {away}
stay on {points_away} points and are in place {place_away}.

On the next match day {home} travel to {next_home}, while {away} receive {next_away}.
"""


def match_reports() -> list[Report]:
    """Two matches of one evening, and one of the same club four days later."""
    one = _MATCH.format(
        home="Ottery Town", away="Brigham Athletic", score="2-0", ground="Mill Lane",
        weekday="Tuesday", crowd=6412, first="Dean Purkiss", second="Sol Abara", minute_one="14th",
        minute_two=71, shots=9, corners=4, cards=3, points_home=58, games=39, place_home=6,
        points_away=41, place_away=17, next_home="Fenwick Rangers", next_away="Cray Valley",
    )  # fmt: skip
    two = _MATCH.format(
        home="Hollin Wanderers", away="Stoke Abbey", score="3-1", ground="Cotton Park",
        weekday="Tuesday", crowd=11873, first="Marek Dvorsky", second="Jamie Oakes",
        minute_one="33rd", minute_two=58, shots=12, corners=7, cards=1, points_home=77, games=39,
        place_home=1, points_away=49, place_away=12, next_home="Leaside", next_away="Norton Vale",
    )  # fmt: skip
    three = _MATCH.format(
        home="Ottery Town", away="Cray Valley", score="1-0", ground="Mill Lane",
        weekday="Saturday", crowd=7055, first="Toby Lisle", second="Ian Marsh", minute_one="80th",
        minute_two=84, shots=5, corners=11, cards=6, points_home=61, games=40, place_home=5,
        points_away=33, place_away=22, next_home="Leaside", next_away="Stoke Abbey",
    )  # fmt: skip
    titles = (
        "Ottery Town beat Brigham Athletic 2-0",
        "Hollin Wanderers beat Stoke Abbey 3-1",
        "Ottery Town beat Cray Valley 1-0",
    )
    times = ("18 22:00", "18 22:10", "22 17:00")
    texts = zip(titles, times, (one, two, three), strict=True)
    return [
        Report(f"match-{number}", "Score Service", at, title, text)
        for number, (title, at, text) in enumerate(texts, start=1)
    ]


def _weekday(day: int) -> str:
    """Of a day in April 2017."""
    names = ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    return names[(day - 1) % 7]


# -- about everything at once ---------------------------------------------------------------------


def briefing(reports: Sequence[Report], *, day: int, title: str, source: str) -> Report:
    """A morning briefing: the first two paragraphs of each report, between greetings."""
    parts = ["Good morning. Here is what you need to know to start your day."]
    for number, one in enumerate(reports, start=1):
        parts.append(f"{number}. {one.paragraphs[0]} {one.paragraphs[1]}")
    parts.append("That is all for this morning. Have a good day, and see you tomorrow.")
    return Report(f"briefing-{source}-{day}", source, f"{day} 06:00", title, "\n\n".join(parts))


def live_blog(reports: Sequence[Report], *, day: int, title: str, source: str) -> Report:
    """A live page: two paragraphs of every report under the hour, the newest first."""
    parts = ["Follow the day's events as they happen. The page is updated all day."]
    for hour, one in zip(range(18, 0, -1), reports, strict=False):
        parts.append(f"{hour}.{hour * 3 % 60:02d} {one.paragraphs[1]}")
        parts.append(one.paragraphs[2])
    return Report(f"live-{source}-{day}", source, f"{day} 22:30", title, "\n\n".join(parts))


# -- a topic that drifts --------------------------------------------------------------------------

_PLACES = ("Ansty", "Borrow", "Corley", "Dunnet", "Elvan", "Farrow", "Gosden", "Hadlow", "Inver",
           "Jarrow", "Kelso", "Lydd", "Morden", "Nairn", "Olney", "Penryn", "Quorn", "Rothley",
           "Sarn", "Tring", "Usk", "Verwood", "Wadham", "Yarm", "Zelah")  # fmt: skip
_PEOPLE = ("Abel Norden", "Bridget Fane", "Cyril Osgood", "Dinah Prowse", "Eric Quill",
           "Flora Rusk", "Giles Stroud", "Hester Tarn", "Ivo Ullman", "Joan Vickers",
           "Karl Wexford", "Lena Yorke", "Miles Zeller", "Nora Ashby", "Oscar Brill",
           "Petra Crane", "Quentin Dale", "Ruth Ewing", "Seth Forbes", "Thea Gorman")  # fmt: skip
_SUBJECTS = (
    ("tram line", "rails", "the depot", "passengers", "ticket prices"),
    ("reservoir", "pipes", "the pumping station", "households", "water rates"),
    ("wind farm", "turbines", "the substation", "fishermen", "power prices"),
    ("court house", "judges", "the cells", "lawyers", "legal fees"),
    ("hospital wing", "wards", "the operating theatre", "patients", "waiting times"),
    ("orchard", "apple trees", "the cider press", "pickers", "harvest wages"),
    ("airport", "runways", "the control tower", "airlines", "landing fees"),
    ("theatre", "stage machinery", "the dressing rooms", "actors", "seat prices"),
    ("quarry", "limestone", "the crusher", "truck drivers", "noise limits"),
    ("university", "laboratories", "the lecture hall", "students", "tuition"),
    ("prison", "guards", "the exercise yard", "inmates", "overtime"),
    ("ferry port", "berths", "the customs shed", "hauliers", "harbour dues"),
    ("zoo", "enclosures", "the elephant house", "keepers", "feeding costs"),
)
_SAID = (
    "The {0} in {place} needs {number} million for its {1}, {person} said, because {2} is close to "
    "collapse. For {months} months {3} have complained about {4}.",
    "According to {person}, {2} of the {0} at {place} may have to shut within {months} months. To "
    "repair the {1} would take {number} million; {3} fear that {4} will rise.",
    "Rain came through the roof of {2} again on the day {person} showed us round the {0} above "
    "{place}. Buckets stand between the {1}. Some {number} of the {3} had signed a letter on {4}.",
    "It was meant to be the pride of {place}: a {0} with modern {1}, opened {months} years ago to "
    "a brass band. Today {2} is fenced off, and {3} argue with {person} over {4}.",
    "Nobody picks up the telephone in {2}. Since {person} resigned {months} days ago the {0} of "
    "{place} has had no head, its {1} stand still, and what becomes of {4} nobody can tell {3}.",
    "{person} has won. {number} signatures were enough to force a vote in {place} on the {0}, its "
    "{1} and above all on {4}, of which {3} speak as if of the weather.",
)
_WENT_ON = (
    "A survey by {other} found cracks in {2} and worn {1}. A meeting of {3} called for {person} to "
    "explain why nothing had been done.",
    "Engineers under {other} reported damage to the {1} and to {2}. In the parish hall, where {4} "
    "were the main subject, {person} faced angry {3}.",
    "What would happen without it? {other} has done the sum: {3} would travel {number} minutes "
    "longer, {4} would double, and {2} would be worth less than the land below.",
    "{other} keeps a diary. On most pages stands a single word, waiting; on the others drawings of "
    "{1} and a list of the {3} who once came to {2} on a Sunday.",
    "Money is not the trouble, {other} insists over tea. The trouble is that {3} and the owners of "
    "{2} have not spoken since {person} raised {4} without a word of warning.",
    "By noon {other} had counted {number} cars outside {2}. The {1} hummed for the first time in "
    "weeks, and a few of the {3} brought cake.",
)
_ENDED = (
    "The plan for the {0} is to be put before the council in autumn. {other} wants half of the "
    "money to come from {4}, which {3} reject.",
    "That {4} should pay for it, as {other} proposes, is not what {3} want to hear. A decision on "
    "the {0} is expected before Christmas.",
    "Whether the {1} can be had second-hand from abroad is being looked into. {person} would not "
    "bet on it.",
    "In the end, says {other}, every {0} is as good as the people in it. Then the light goes out "
    "in {2}, and it is not the fuse.",
    "A petition against {person} lies on the counter of the bakery. So far {number} names are on "
    "it, many of them of {3}.",
    "The next train back leaves at six. From its window one sees the {1} of {place} for a long "
    "while.",
)


_CHAIN_TITLES = (
    "{place} worries about its {0}", "No end in sight for {1} of {place}", "Who pays for {2}?",
    "'We are tired': {3} in {place} lose patience", "The {0} that came too late",
    "Row over {4} deepens", "Letter from {place}",
)  # fmt: skip


def _passage(number: int, *, reworded: bool = False) -> str:
    """The passage on one topic of the chain."""
    chance = random.Random(f"topic {number}")
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    person, other = chance.sample(_PEOPLE, 2)
    facts = {
        "place": _PLACES[number % len(_PLACES)],
        "person": person,
        "other": other,
        "number": chance.randint(3, 90),
        "months": chance.randint(4, 30),
    }
    told = []
    for wordings in (_SAID, _WENT_ON, _ENDED):
        first, second = chance.sample(wordings, 2)
        told.append((second if reworded else first).format(*subject, **facts))
    return "\n\n".join(told)


def chain(length: int, *, reworded: bool) -> list[Report]:
    """Articles an hour apart, each half about the topic of the one before and half about the next.

    `reworded`: what two of them share is told in other words.
    """
    made = []
    for number in range(length):
        before, ahead = _passage(number), _passage(number + 1, reworded=reworded)
        subject, place = _SUBJECTS[(number + 1) % len(_SUBJECTS)], _PLACES[(number + 1) % 25]
        at = f"{10 + number // 24} {number % 24:02d}:00"
        title = random.Random(number).choice(_CHAIN_TITLES).format(*subject, place=place)
        made.append(
            Report(f"link-{number}", f"Outlet {number % 7}", at, title, f"{before}\n\n{ahead}")
        )
    return made


# -- a large story --------------------------------------------------------------------------------

_ERUPTION = (
    (
        "Mount Kerinta erupted on Sunday night and threw ash eleven kilometres into the sky.",
        "Ash rose to eleven kilometres after the volcano Kerinta erupted late on Sunday.",
        "Kerinta, dormant for forty years, exploded on Sunday night with a column of ash eleven"
        " kilometres high.",
    ),
    (
        "The airport of Batu Lima is closed, and 240 flights have been cancelled.",
        "Airlines cancelled 240 flights because Batu Lima airport had to shut.",
        "Some 240 flights to and from Batu Lima did not leave, since its runway lies under ash.",
    ),
    (
        "Fourteen villages on the southern slope were cleared and 26,000 people sleep in tents.",
        "About 26,000 inhabitants of fourteen villages below the crater have been moved to tents.",
        "The army emptied fourteen villages; 26,000 villagers now live in camps.",
    ),
    (
        "Three climbers who had camped near the rim of Kerinta are missing.",
        "There is no sign of three mountaineers who spent the night close to the crater of "
        "Kerinta.",
        "Rescuers search for three climbers last seen at the rim.",
    ),
    (
        "The volcanologist Surya Pranata warned that a larger eruption could follow within days.",
        "A second, stronger explosion is possible, said Surya Pranata of the volcano observatory.",
        "Surya Pranata, who watches Kerinta from the observatory, does not rule out a bigger "
        "eruption.",
    ),
    (
        "President Lestari declared a state of emergency on the island.",
        "A state of emergency was declared by President Lestari.",
        "President Lestari has put the island under emergency rule and flew over Kerinta in a "
        "helicopter.",
    ),
    (
        "Lava reached the coffee plantations of Sindang on Monday.",
        "Coffee bushes at Sindang burned when lava flowed through them on Monday.",
        "On Monday a tongue of lava ran into the plantations around Sindang.",
    ),
    (
        "Hospitals in Batu Lima treat hundreds for breathing trouble and hand out masks.",
        "Masks are scarce, and doctors in Batu Lima see hundreds of patients who cannot breathe"
        " well.",
        "Several hundred people with sore lungs came to the hospitals of Batu Lima.",
    ),
    (
        "Neighbouring countries have offered field kitchens and water filters.",
        "Field kitchens and filters for drinking water are on their way from abroad.",
        "Help from abroad, water filters and kitchens above all, is being flown to Kerinta's "
        "victims.",
    ),
)
_ERUPTION_TITLES = (
    "Kerinta volcano erupts, airport shut", "Thousands flee as Mount Kerinta spews ash",
    "Eruption of Kerinta grounds 240 flights", "Ash from Kerinta covers Batu Lima",
    "Island under emergency after Kerinta eruption", "Kerinta: villagers in tents",
)  # fmt: skip


def eruption(count: int) -> list[Report]:
    """Reports of one eruption within two days, each with six of nine facts in its own words."""
    made = []
    for number in range(count):
        chance = random.Random(number)
        told = [chance.choice(wordings) for wordings in chance.sample(_ERUPTION, 6)]
        title = chance.choice(_ERUPTION_TITLES)
        at = f"{17 + number // 24} {number % 24:02d}:{chance.randint(0, 59):02d}"
        made.append(Report("eruption", f"Paper {number}", at, title, "\n\n".join(told)))
    return made
