"""What questions to departments add to the lifespan state."""

from kcc.contacts.department_questions.asking import ArticleFacts
from kcc.web.state import State


class DepartmentQuestionState(State):
    """The state with who knows titles and departments of articles: this package does not know the kennisbank."""

    article_facts: ArticleFacts
