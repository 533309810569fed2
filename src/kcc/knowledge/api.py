"""JSON endpoints of the kennisbank."""

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import principal_of, public, serves
from kcc.access.roles import EDITING, STAFF
from kcc.catalogue import fees
from kcc.catalogue.models import NO_UPL_NAME
from kcc.knowledge import api_examples as examples
from kcc.knowledge import articles, learning, reading
from kcc.knowledge.models import Article, Audience, SearchChannel
from kcc.knowledge.schemas import (
    ArticleContent,
    ArticleDetail,
    ArticleHit,
    ArticleList,
    Feedback,
    NewArticle,
    Revision,
    RevisionList,
    SearchQuery,
    Suggestion,
    SuggestionList,
    SuggestionQuery,
    content_of,
)
from kcc.knowledge.search import Filters, Hit
from kcc.knowledge.searching import Searcher, filled
from kcc.knowledge.state import KnowledgeState
from kcc.web.openapi import operation
from kcc.web.paging import Page, next_page
from kcc.web.requests import Wire, read_json, read_query, required_version
from kcc.web.routing import Route

TAG = "Kennisbank"


def _json(model: Wire, status: int = 200, **headers: str) -> Response:
    body = model.model_dump_json(by_alias=True)
    return Response(
        body, status, {name.replace("_", "-"): value for name, value in headers.items()}, "application/json"
    )


def _is_staff(request: Request[KnowledgeState]) -> bool:
    principal = principal_of(request)
    return principal is not None and bool(principal.roles & STAFF)


def _is_editor(request: Request[KnowledgeState]) -> bool:
    principal = principal_of(request)
    return principal is not None and bool(principal.roles & EDITING)


def _author(request: Request[KnowledgeState]) -> str:
    principal = principal_of(request)
    return principal.name if principal else ""


def _snippet(hit: Hit, searcher: Searcher) -> str:
    pieces = (
        f"<mark>{escape(text)}</mark>" if found else str(escape(text))
        for text, found in filled(hit.snippet, searcher.fees)
    )
    return "".join(pieces)


def _hit(hit: Hit, searcher: Searcher) -> ArticleHit:
    return ArticleHit.model_construct(
        slug=hit.slug,
        title=hit.title,
        upl=hit.upl or NO_UPL_NAME,
        short_answer=fees.fill(hit.short_answer, searcher.fees),
        snippet=_snippet(hit, searcher),
        score=hit.score,
        topic=hit.topic,
        department=hit.department,
        audience=Audience(hit.audience),
        source_id=hit.source_id,
        updated_at=hit.updated_at,
    )


def _row(article: Article, searcher: Searcher) -> ArticleHit:
    short = fees.fill(article.short_answer, searcher.fees)
    fields = article.model_dump(include=set(ArticleHit.model_fields)) | {
        "short_answer": short,
        "snippet": str(escape(short)),
        "score": 0.0,
    }
    return ArticleHit.model_validate(fields)


@public
@operation(
    summary="Search or list articles",
    tag=TAG,
    query=SearchQuery,
    response=ArticleList,
    example={"total": 1, "next": None, "suggestion": None, "results": [examples.HIT]},
    errors=(503,),
)
async def list_articles(request: Request[KnowledgeState]) -> Response:
    """Search when there are words, otherwise list by title. Residents see public articles only."""
    searcher = request.state["searcher"]
    staff = _is_staff(request)
    asked = (request.scope["query_string"], staff)
    known = searcher.remembered(asked)
    if known is not None:
        return Response(known, media_type="application/json")
    query = read_query(request, SearchQuery)
    answer = await _list(request, query, staff=staff) if not query.q.strip() else _search(request, query, staff=staff)
    body = answer.model_dump_json(by_alias=True).encode()
    if query.q.strip():
        searcher.remember(asked, body)
    return Response(body, media_type="application/json")


def _search(request: Request[KnowledgeState], query: SearchQuery, *, staff: bool) -> ArticleList:
    searcher = request.state["searcher"]
    filters = Filters(
        audience="agents" if staff else "public",
        only=query.audience or None,
        topic=query.topic or None,
        department=query.department or None,
        language=query.language or None,
        today=request.state["clock"].today(),
    )
    found = searcher.search(query.q, filters, limit=query.limit, offset=query.offset)
    return ArticleList.model_construct(
        total=found.total,
        next=next_page(request, query.limit, query.offset, found.total),
        suggestion=found.suggestion,
        results=[_hit(hit, searcher) for hit in found.hits],
    )


async def _list(request: Request[KnowledgeState], query: SearchQuery, *, staff: bool) -> ArticleList:
    async with request.state["database"].reading() as session:
        total, rows = await reading.listing(
            session,
            request.state["clock"].today(),
            agents=staff,
            audience=Audience(query.audience) if query.audience else None,
            topic=query.topic or None,
            department=query.department or None,
            language=query.language or None,
            limit=query.limit,
            offset=query.offset,
        )
    return ArticleList(
        total=total,
        next=next_page(request, query.limit, query.offset, total),
        suggestion=None,
        results=[_row(article, request.state["searcher"]) for article in rows],
    )


@public
@operation(
    summary="Complete what is being typed",
    tag=TAG,
    query=SuggestionQuery,
    response=SuggestionList,
    example={"results": [{"text": "Paspoort aanvragen", "slug": "paspoort-aanvragen"}]},
    errors=(503,),
)
async def suggestions(request: Request[KnowledgeState]) -> Response:
    """Subjects that begin as typed."""
    searcher = request.state["searcher"]
    query = read_query(request, SuggestionQuery)
    if not query.q.strip():
        return _json(SuggestionList(results=[]))
    filters = Filters(audience="agents" if _is_staff(request) else "public", today=request.state["clock"].today())
    found = searcher.complete(query.q, filters, limit=query.limit)
    results = [Suggestion.model_construct(text=item.text, slug=item.slug) for item in found]
    return _json(SuggestionList.model_construct(results=results))


def _etag(article: Article) -> str:
    return f'"{article.version}"'


@public
@operation(
    summary="Read an article",
    tag=TAG,
    response=ArticleDetail,
    example=examples.DETAIL,
    path_parameters=examples.SLUG,
    errors=(404,),
)
async def get_article(request: Request[KnowledgeState]) -> Response:
    """One article; editors also see drafts and get the texts with their placeholders."""
    staff, editing = _is_staff(request), _is_editor(request)
    slug, today = request.path_params["slug"], request.state["clock"].today()
    async with request.state["database"].reading() as session:
        if editing:
            article = await reading.read_any(session, slug)
        else:
            article = await reading.read(session, slug, today, agents=staff)
        uri = await reading.upl_uri(session, article)
        related = await reading.related(session, article, today, agents=staff)
    content = content_of(article)
    if not editing:
        values = request.state["searcher"].fees
        changes = {
            name: fees.fill(getattr(content, name), values) for name in ("title", "short_answer", "body", "internal")
        }
        changes["internal"] = changes["internal"] if staff else ""
        facts = {label: fees.fill(value, values) for label, value in content.facts.items()}
        content = content.model_copy(update={**changes, "facts": facts, "related": related})
    return _json(_detail(article, content, uri), ETag=_etag(article))


def _detail(article: Article, content: ArticleContent, uri: str | None) -> ArticleDetail:
    return ArticleDetail.model_construct(
        **dict(content),
        slug=article.slug,
        source_id=article.source_id,
        upl_uri=uri,
        version=article.version,
        updated_at=article.updated_at,
    )


@serves(EDITING)
@operation(
    summary="Make an article",
    tag=TAG,
    body=NewArticle,
    body_example=examples.CONTENT | {"slug": "paspoort-aanvragen"},
    response=ArticleDetail,
    example=examples.DETAIL,
    status=201,
    errors=(409, 413),
)
async def create_article(request: Request[KnowledgeState]) -> Response:
    """A new article."""
    new = await read_json(request, NewArticle)
    content = ArticleContent.model_validate(new.model_dump(exclude={"slug"}))
    async with request.state["database"].writing() as session:
        article = await articles.create(session, new.slug, content, _author(request), request.state["clock"].now())
        uri = await reading.upl_uri(session, article)
    return _json(
        _detail(article, content_of(article), uri),
        201,
        ETag=_etag(article),
        Location=f"/api/v1/articles/{article.slug}",
    )


@serves(EDITING)
@operation(
    summary="Change an article",
    tag=TAG,
    body=ArticleContent,
    body_example=examples.CONTENT,
    response=ArticleDetail,
    example=examples.DETAIL,
    path_parameters=examples.SLUG,
    headers=(examples.IF_MATCH,),
    errors=(404, 409, 412, 413, 428),
)
async def update_article(request: Request[KnowledgeState]) -> Response:
    """New content for an article, if nobody changed it meanwhile."""
    slug = request.path_params["slug"]
    content = await read_json(request, ArticleContent)
    version = required_version(request)
    async with request.state["database"].writing() as session:
        article = await articles.change(session, slug, version, content, _author(request), request.state["clock"].now())
        uri = await reading.upl_uri(session, article)
    return _json(_detail(article, content_of(article), uri), ETag=_etag(article))


@serves(EDITING)
@operation(
    summary="List the revisions of an article",
    tag=TAG,
    query=Page,
    response=RevisionList,
    example={
        "total": 1,
        "next": None,
        "results": [
            {"version": 1, "changedAt": "2026-11-21T09:00:00Z", "changedBy": "import", "content": examples.CONTENT}
        ],
    },
    path_parameters=examples.SLUG,
    errors=(404,),
)
async def list_revisions(request: Request[KnowledgeState]) -> Response:
    """Every version of an article, newest first."""
    page = read_query(request, Page)
    async with request.state["database"].reading() as session:
        total, rows = await reading.revisions(session, request.path_params["slug"], page.limit, page.offset)
    results = [
        Revision(version=row.version, changed_at=row.changed_at, changed_by=row.changed_by, content=row.content)
        for row in rows
    ]
    return _json(RevisionList(total=total, next=next_page(request, page.limit, page.offset, total), results=results))


@serves(STAFF)
@operation(
    summary="Say whether an article was the answer",
    tag=TAG,
    body=Feedback,
    body_example={"verdict": "resolved", "query": "pas verlopen"},
    response=None,
    example=None,
    status=204,
    path_parameters=examples.SLUG,
    errors=(404, 413),
)
async def give_feedback(request: Request[KnowledgeState]) -> Response:
    """A verdict on an article and the words it was found with."""
    feedback = await read_json(request, Feedback)
    slug, clock, drafts = request.path_params["slug"], request.state["clock"], _is_editor(request)
    async with request.state["database"].writing() as session:
        await learning.give_feedback(session, slug, feedback, SearchChannel.DESK, clock, agents=True, drafts=drafts)
    request.state["counter"].judged(SearchChannel.DESK, feedback.query or "", feedback.verdict)
    return Response(status_code=204)


routes = [
    Route("/api/v1/articles", list_articles, methods=["GET"]),
    Route("/api/v1/articles", create_article, methods=["POST"]),
    Route("/api/v1/articles/{slug}", get_article, methods=["GET"]),
    Route("/api/v1/articles/{slug}", update_article, methods=["PUT"]),
    Route("/api/v1/articles/{slug}/revisions", list_revisions, methods=["GET"]),
    Route("/api/v1/articles/{slug}/feedback", give_feedback, methods=["POST"]),
    Route("/api/v1/suggestions", suggestions, methods=["GET"]),
]
