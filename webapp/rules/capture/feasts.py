"""Days that have a name and another date each year, or a name for one date: feasts and holidays.

No rule holds them, and nobody is called so: where one of them narrows a cadence, it is asked about.
"""

_NAMED = (
    r"christmas|xmas|thanksgiving|easter|halloween|hanukkah|chanukah|kwanzaa|ramadan|passover|pesach"
    r"|eid(?: al (?:- )?(?:fitr|adha))?|diwali|holi|lent|advent|carnival|juneteenth|pentecost"
    r"|epiphany|purim|nowruz|yom kippur|rosh hashanah|mardi gras|cinco de mayo|good fri|ash wed"
    r"|palm sun|shrove tue|black fri|cyber mon|super bowl sun|hogmanay|lunar new year"
)
_OF_SOMEBODY = (
    r"(?:new year|valentine|mother|father|president|veteran|all saint"
    r"|(?:st (?:\. )?|saint )?patrick)"
    r"(?:['’]s|s(?: ['’])?)?"
)
_OF_A_DAY = (
    r"(?:labou?r|memorial|boxing|independence|columbus|indigenous peoples|canada|victoria|anzac"
    r"|australia|remembrance|martin luther king|mlk|groundhog|election|armistice|bastille"
    r"|ascension|all souls|may|leap)"
)
FEAST = (
    rf"(?:the )?(?:(?:{_NAMED})(?: (?:day|eve|sun|mon|week|weekend|season))?"
    rf"|(?:{_OF_SOMEBODY}) (?:day|eve)|{_OF_A_DAY} day(?: weekend)?|new year)"
)
_WORDS = """
christmas xmas thanksgiving easter halloween hanukkah chanukah kwanzaa ramadan passover pesach eid
diwali juneteenth pentecost purim nowruz hogmanay labor labour memorial boxing independence
columbus valentine
"""
FEAST_WORDS = frozenset(_WORDS.split())
