"""What an agent says of an article, kept once however often its form is sent."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from kcc.access.guard import who
from kcc.desk.state import DeskState
from kcc.knowledge import learning
from kcc.knowledge.models import SearchChannel
from kcc.knowledge.schemas import Feedback
from kcc.web.once import once_sent


async def teach(request: Request[DeskState], slug: str, verdict: Feedback, key: str) -> None:
    """Keep a verdict on an article; `key` is that of the form, or what else it is given once about. Raises NotFound."""
    clock = request.state["clock"]
    made: list[str] = []
    content = {"slug": slug} | verdict.model_dump(mode="json", exclude_none=True)

    async def work(session: AsyncSession) -> None:
        made.clear()

        async def make() -> str:
            await learning.give_feedback(session, slug, verdict, SearchChannel.DESK, clock, agents=True)
            made.append(slug)
            return slug

        await once_sent(session, f"feedback {who(request).key}", key, content, clock.now(), make)

    await request.state["database"].transact(work)
    if made:
        request.state["counter"].judged(SearchChannel.DESK, verdict.query or "", verdict.verdict)
