"""The verbs of recurring work, and how their other forms lead back to the base."""

_VERB_WORDS = """
add adjust advise air align answer apply approve archive arrange ask assign attach audit back bake
balance ban bank bill block book boot bring brush build bundle buy calibrate call carry cash chair
change charge chase check clean clear climb close coach collect compare compile complete compost
confirm contact cook copy count cover create cut date deal deep-clean defrost deliver deposit
descale disinfect dispose do document download draft drain draw drive drop dry dust email empty
ensure enter escort evaluate export feed fetch file fill film find finish fix flush fold follow
forward freeze get give go grade grease greet grind groom hand hang have heat help hold hoover
hose host inform inspect invoice iron issue job keep label launder lay lead leave lift list
load lock log look lubricate make mark measure meet mend message mix monitor mop mount move mow
note notify oil open order organise organize oversee pack paint pay phone pick pin place plan plug
polish post pour prep prepare present press prime print process produce prune publish pull pump
purge push put raise rake read rebalance recharge reconcile record recycle refill refresh register
remind remove renew rent reorder repair replace replenish reply report reset restart restock
restore return review rinse rotate run salt sand sanitise sanitize save scan schedule scrub season
secure sell send separate serve service set settle sharpen shred shut sign sort spray squeegee
stack stamp start sterilise sterilize stir stock store strip submit supervise survey swab swap
sweep switch sync take talk tally taste tell test thank thaw throw tidy tie tighten top total
touch track train transfer trim turn unblock unload unlock unpack unplug update upload use vacuum
validate verify visit wake walk warm wash watch water weed weigh welcome wind wipe wrap write
"""
_VERBS = frozenset(_VERB_WORDS.split())
_IRREGULAR = {"has": "have", "does": "do", "goes": "go"}
_PARTICIPLE_WORDS = """
done:do swept:sweep sent:send made:make run:run written:write paid:pay cut:cut read:read kept:keep
brought:bring taken:take put:put shut:shut fed:feed held:hold ground:grind drawn:draw hung:hang
left:leave given:give set:set frozen:freeze shredded:shred
"""
_PARTICIPLES = dict(pair.split(":") for pair in _PARTICIPLE_WORDS.split())


def base_verb(word: str) -> str | None:
    """The base of a known verb in the third person ("reconciles" gives "reconcile")."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    bases = (word[:-1], word[:-2], f"{word[:-3]}y" if word.endswith("ies") else "")
    return next((base for base in bases if word.endswith("s") and base in _VERBS), None)


def third_person(word: str) -> str | None:
    """The base of any word in the form of a third person ("lights" gives "light")."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("shes", "ches", "xes", "sses", "zzes", "oes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else None


def is_verb(word: str) -> bool:
    """Is the word the base of a verb of work, as at the start of an instruction?"""
    return word.lower() in _VERBS


def of_participle(word: str) -> str | None:
    """The base of a known verb in the past participle ("cleaned" gives "clean")."""
    bases = (word[:-2], word[:-1], f"{word[:-3]}y", word[:-3])
    regular = next((base for base in bases if word.endswith("ed") and base in _VERBS), None)
    return regular or _PARTICIPLES.get(word)


def of_gerund(word: str) -> str | None:
    """The base of a known verb in the gerund ("checking" gives "check")."""
    bases = (word[:-3], f"{word[:-3]}e", word[:-4])
    return next((base for base in bases if word.endswith("ing") and base in _VERBS), None)
