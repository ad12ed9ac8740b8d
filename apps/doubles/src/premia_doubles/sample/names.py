"""Italian names, invented companies among them."""

from random import Random

_FIRST_NAMES = """
Alessandro Andrea Angelo Antonio Bruno Carlo Claudio Daniele Dario Davide Diego Domenico
Emanuele Enrico Fabio Federico Filippo Flavio Francesco Gabriele Giacomo Gianluca Giorgio
Giovanni Giuseppe Guido Jacopo Lorenzo Luca Luigi Marco Mario Massimo Matteo Maurizio Mauro
Michele Nicola Paolo Pietro Raffaele Renato Roberto Salvatore Simone Stefano Tommaso Vincenzo
"""
_SURNAMES = """
Amato Barbieri Basile Bellini Benedetti Bernardi Bianchi Bruno Caputo Carbone Caruso Cattaneo
Colombo Conte Costa Costantini Damico Donati Esposito Fabbri Farina Ferrara Ferrari Ferri Fiore
Fontana Galli Gallo Gatti Gentile Giordano Grasso Greco Guerra Leone Lombardi Longo Mancini
Marchetti Mariani Marini Marino Martinelli Martini Messina Monti Morelli Moretti Neri Orlando
Palmieri Palumbo Parisi Pellegrini Piras Ricci Rinaldi Rizzo Romano Rossetti Rossi Ruggiero Russo
Sala Santoro Sartori Silvestri Sorrentino Testa Valentini Villa Vitale
"""
_HOUSES = "Energia Luce Clima Solare Impianti Termica Elettrica Servizi Ambiente Domus Rete"
_PLACES = """
Adige Adriatica Alpina Appia Arno Aurelia Brenta Brianza Cilento Dora Emilia Etnea Euganea Garda
Gargano Ionica Isonzo Lario Maremma Nera Padana Piave Salento Sannio Sesia Tirrena Tevere Versilia
Vesuvio Volturno
"""

BIRTHPLACES = ("H501", "F205", "L219", "F839", "D612", "A944", "L736", "G273", "A662", "L781")
"""Land codes: Roma, Milano, Torino, Napoli, Firenze, Bologna, Venezia, Palermo, Bari, Verona."""

CITIES = (
    ("Roma", "00185", "RM"),
    ("Milano", "20121", "MI"),
    ("Torino", "10121", "TO"),
    ("Napoli", "80133", "NA"),
    ("Firenze", "50122", "FI"),
    ("Bologna", "40121", "BO"),
    ("Venezia", "30121", "VE"),
    ("Palermo", "90133", "PA"),
    ("Bari", "70121", "BA"),
    ("Verona", "37121", "VR"),
)


def person(random: Random) -> tuple[str, str]:
    """Return a first name and a surname."""
    return random.choice(_FIRST_NAMES.split()), random.choice(_SURNAMES.split())


def company(random: Random, owner: str, form: str) -> str:
    """Return a company's name; `form` is what stands behind it, like `srl`."""
    house, place = random.choice(_HOUSES.split()), random.choice(_PLACES.split())
    if form == "sas":
        return f"{house} {place} di {owner} & C. sas"
    return f"{house} {place} {form}"
