"""What made-up people ask and are told: sentences put together from words, in several languages.

Common words are common and rare ones rare, as in real texts, so that searches cost what they would.
"""

import itertools
import random
from dataclasses import dataclass

# A line a subject, and after it one for each language but English.
SUBJECTS = """
invoice contract supplier payment discount warranty delivery quarter budget forecast audit
server database migration index query cache timeout deployment container certificate backup
holiday meeting agenda minutes travel hotel reimbursement schedule colleague workshop visit
garden recipe tomato sourdough mushroom compost orchard beekeeping lavender rhubarb
lecture thesis citation hypothesis experiment sample variance regression laboratory microscope
patient appointment dosage allergy prescription insurance therapy rehabilitation vaccination
lawyer clause liability tenant landlord notice deadline appeal settlement jurisdiction
violin orchestra rehearsal chord melody tempo microphone recording vinyl concerto
"""
OTHERS = """
der die und in den von zu das mit sich auf für ist Größe Straße Übung Rechnung Vertrag Angebot
le de un être et à il avoir ne que se qui ce dans facture réunion délai élève forêt cœur reçu
и в не на я быть он с что а по это она договор счёт доставка встреча отчёт сотрудник вопрос
我们 的 是 在 不 了 有 和 人 这 合同 发票 会议 数据库 服务器 问题 时间 公司 项目 客户 价格
これは です ます 会議 契約 請求書 納期 顧客 データベース 質問 時間 お願い します 可能
من في على إلى أن هذا التي كان عن مع عقد فاتورة اجتماع موعد تسليم عميل سؤال جواب
"""
COMMON = """
the of and to in that is for it with as on be this are by from or can at which you an not have
will if one all has more when there also into than only other some time how
"""
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo zu lor men tis quar"
ASKED = ("How do I", "What is", "Why does", "Can you explain", "Please write", "Compare")
# Of a hundred messages so many are in English.
ENGLISH = 85


def lines_of_words(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


WORDS_OF_SUBJECTS = lines_of_words(SUBJECTS)
WORDS_OF_OTHERS = lines_of_words(OTHERS)
COMMON_WORDS = COMMON.split()
RARE_SYLLABLES = SYLLABLES.split()


@dataclass(frozen=True)
class TextWriter:
    """Writes the same from the same seed."""

    chance: random.Random

    def question(self) -> str:
        words = self._words(self.chance.randint(4, 24))
        return f"{self.chance.choice(ASKED)} {words}?"

    def reply(self) -> str:
        paragraphs = [self._paragraph() for _ in range(self.chance.randint(1, 3))]
        if self.chance.random() < 0.2:
            paragraphs.append("\n".join(f"- {self._words(5)}" for _ in range(3)))
        if self.chance.random() < 0.1:
            paragraphs.append(f"```python\nprint({self._words(3)!r})\n```")
        return "\n\n".join(paragraphs)

    def _paragraph(self) -> str:
        return f"{self._words(self.chance.randint(8, 40)).capitalize()}."

    def _words(self, count: int) -> str:
        chance = self.chance
        if chance.randrange(100) >= ENGLISH:
            return " ".join(chance.choices(chance.choice(WORDS_OF_OTHERS), k=count))
        subject = chance.choice(WORDS_OF_SUBJECTS)
        words = [*chance.choices(COMMON_WORDS, k=count), *chance.choices(subject, k=count // 2)]
        if chance.random() < 0.3:
            words.append(self._rare())
        chance.shuffle(words)
        return " ".join(itertools.islice(words, count))

    def _rare(self) -> str:
        """One of a hundred thousand words that nobody has heard."""
        return "".join(self.chance.choices(RARE_SYLLABLES, k=4))
