"""Invented names, as varied as the lists of a real school: accents, apostrophes, hyphens, several scripts.

Given and family names are put together by chance; nobody is meant.
"""

from dataclasses import dataclass

import numpy as np

GIVEN = """
Aaliyah Abdul Abena Adaeze Ahmed Aïcha Akira Alejandra Alma Amara Amina Ana André Angelica Anh Antoine Arjun
Asher Asia Aurelio Autumn Ayaan Beatriz Bella Benjamin Bilal Bréanna Brianna Caleb Camila Carlos Cesar Charlotte
Chidi Chloé Damaris Damien Daniela DaShawn David De'Andre Deja Destiny Devon Diego Dina Dmitri Dominique Duc
Ebony Eleni Elías Elijah Elina Eloise Emmanuel Emre Esther Eun-ji Farah Fatima Fernanda Finn Gabriel Genesis Gia
Giovanni Grace Hana Hassan Hector Henry Hoa Ibrahim Ida Ikram Imani Inés Isaac Isabella Ivan Jaden Jamal Janiyah
Jasmine Javier Jayla Jean-Luc Jelani Jia Joaquín Jonah Jorge Josefina Josiah Julián Juniper Kai Kamala Karim
Kateryna Kayla Keanu Khadija Khalil Kiara Kofi Kwame Kylie La'Tasha Lamar Laura Layla Leilani Leo Liam Lien Lina
Linh Logan Lucía Luka Lwazi Mackenzie Mahmoud Malik Malia Marcus María Mariam Mary-Kate Mateo Maya Mehdi Mei Mia
Miguel Mila Milan Mina Mohammed Monique Myra Nadia Naomi Nasir Natalia Nia Nico Nikhil Nina Noah Noor Nora Nyah
O'Shea Olga Oluwaseun Omar Oscar Paloma Pavel Penelope Phoenix Priya Quinn Rafael Rania Rashad Raúl Ravi Renée
Riley Rosa Ruth Ryan Saanvi Sadie Salma Samir Sana Santiago Sasha Sebastián Selin Shanice Simone Siobhán Sofía
Sophia Søren Tamika Tariq Thảo Theo Thiago Tiana Tomás Tori Tuan Tyrese Uma Valentina Vanessa Victor Wei Willow
Xavier Ximena Yara Yasmin Yesenia Yusuf Zainab Zara Zéphyr Zoë Zuri
"""
FAMILY = """
Abdi Abdullah Acevedo Achebe Adams Adeyemi Aguilar Ahmadi Alvarez Amoah Andersen Aquino Arslan Ashworth Bailey
Banerjee Baptiste Barzani Bell Benítez Berg Bhatt Boateng Bondarenko Brooks Brown Bui Burgos Cabrera Camara
Carter Castañeda Chang Chavez Chen Choi Clarke Coleman Contreras Côté Cruz Cunningham D'Amico D'Souza Đặng Davis
De-la-Cruz Delgado Desai Diallo Díaz Diop Dixon Dlamini Dogan Douglas Dubois Ebrahimi Echevarría Edwards El-Amin
Ellis Endo Eze Farouk Fernández Fields Figueroa Flores Fofana Ford Fraser Freeman Fuentes Galindo García Garner
Gebre Ghorbani Gomes González Grant Green Gruber Gutiérrez Haddad Hakimi Hall Haque Harris Hassan Hayes Henry
Hernández Hill Ho Hoang Holmes Horvat Hossain Howard Hsu Huang Hughes Huseynov Ibáñez Idowu Iqbal Ito Jackson
Jacobs Jansen Jefferson Jiménez Johnson Jones Kamara Kang Kapoor Keita Kelly Khalil Khan Kim King Kone Kovač
Kowalczyk Kumar Kurt Lam Le Lee Levy Lewis Li Lin Lopez Lozano Luna MacLeod Mahlangu Malik Marín Marshall Martin
Martínez McBride McKenzie Mehta Mensah Miller Mitchell Mohamed Molina Morales Moreno Müller Muñoz Murphy Mwangi
Nakamura Navarro N'Diaye Neves Ngo Nguyen Nieves Noor Novák Null Núñez O'Brien O'Neill Ocampo Ochieng Okafor
Okonkwo Ortiz Osei Ospina Owens Özdemir Pacheco Parker Patel Pérez Petrov Pham Phan Phillips Popescu Powell
Price Qureshi Quispe Rahman Ramírez Ramos Reed Reyes Rivera Robinson Rodríguez Rojas Romanov Ruiz Saint-Louis
Salazar Sánchez Santos Sato Scott Shah Sharma Silva Simmons Singh Smith Soto Sow Stewart Suárez Suleiman
Sullivan Sylla Takahashi Tan Taylor Tesfaye Thomas Thompson Torres Touré Tran Traoré True Turner Tyson Umarov
Valdez Vargas Vásquez Vega Velázquez Villanueva Vo Vuković Walker Wang Ward Washington White Williams Wójcik
Wright Wu Xu Yang Yılmaz Young Yusuf Zając Zamora Zhang Zheng Zimmermann
"""
GIVEN_NAMES, FAMILY_NAMES = GIVEN.split(), FAMILY.split()

# Some families write their names in their own script, and so does the district's roster.
OWN_SCRIPT = [
    ("李", "梓涵"), ("王", "浩然"), ("陈", "思远"), ("김", "서연"), ("박", "지호"), ("Шевченко", "Олена"),
    ("Ковальчук", "Андрій"), ("حداد", "ليلى"), ("نصار", "يوسف"), ("शर्मा", "आरव"), ("Παππάς", "Ελένη"),
    ("田中", "さくら"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name."""

    family: str
    given: str


class Names:
    """An endless supply of names, each given out once."""

    def __init__(self, chance: np.random.Generator, *, own_scripts: bool):
        self.chance = chance
        self.waiting = [Name(*pair) for pair in OWN_SCRIPT] if own_scripts else []
        self.given_out: set[Name] = set()

    def next(self) -> Name:
        """A name nobody has yet; one in forty is in a script of its own while there are any."""
        if self.waiting and self.chance.random() < 1 / 40:
            return self.waiting.pop(int(self.chance.integers(len(self.waiting))))
        while True:
            name = Name(_one(FAMILY_NAMES, self.chance), _one(GIVEN_NAMES, self.chance))
            if name.family != name.given and name not in self.given_out:
                self.given_out.add(name)
                return name


def _one(words: list[str], chance: np.random.Generator) -> str:
    return words[int(chance.integers(len(words)))]
