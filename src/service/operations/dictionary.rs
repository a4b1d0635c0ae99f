//! `tamis.v1.DictionaryService` over gRPC.

use std::str::FromStr;

use futures_util::StreamExt;
use prost::Message;
use tonic::{Request, Response, Status, Streaming};

use super::{Operations, Role, name, receive::Part, revisions::page, status::bad_field, wire};
use crate::{
    dictionary::{MatchMode, NewTerm, Severity, TermRef, Tolerance},
    folder::did_you_mean,
    identity::Name,
    registry::{Ask, Declined, Step},
    service::{
        proto::{
            self, DiffRevisionsRequest, DiffRevisionsResponse, EditTermsRequest, EditTermsResponse,
            GetDictionaryRequest, GetDictionaryResponse, GetRevisionRequest, GetRevisionResponse,
            ListDictionariesRequest, ListDictionariesResponse, ListRevisionsRequest, ListRevisionsResponse,
            ListTermsRequest, ListTermsResponse, PushRevisionRequest, PushRevisionResponse,
            dictionary_service_server::DictionaryService, push_revision_request as push, term_edit,
        },
        timestamp,
    },
    store::{Sort, Time, plan::Unplanned},
};

/// Most edits of one request.
const MAX_EDITS: usize = 100;

/// Terms that a page has at most, and where nobody says.
const PAGE: (usize, usize) = (1_000, 100);

/// Slots that are looked at for one page; a search of a million terms takes several.
const LOOK_AT: usize = 50_000;

impl Operations {
    async fn dictionary(&self, name: &Name) -> Result<proto::Dictionary, Status> {
        let known = self.known(Sort::Dictionary, name).await?;
        let serving = known.serving.as_ref();
        let dictionary = serving.and_then(|s| s.snapshot.dictionaries().find(|d| d.name == *name));
        Ok(proto::Dictionary {
            name: name.to_string(),
            terms: dictionary.map_or(0, |d| d.terms.len() as u64),
            live_edits: known.active.as_ref().map(wire::live_edits).unwrap_or_default(),
            active_revision: known.active_revision,
            newest_revision: known.newest_revision,
            suspended_cases: known.suspended_cases,
        })
    }
}

#[tonic::async_trait]
impl DictionaryService for Operations {
    async fn push_revision(
        &self,
        request: Request<Streaming<PushRevisionRequest>>,
    ) -> Result<Response<PushRevisionResponse>, Status> {
        let author = self.author(&request, Role::Edit)?;
        let parts = request.into_inner().map(|message| {
            Ok(match message?.part {
                Some(push::Part::Header(header)) => Part::Header(header),
                Some(push::Part::Chunk(chunk)) => Part::Chunk(chunk),
                None => Part::Nothing,
            })
        });
        let result = self.receive(Sort::Dictionary, author, parts).await?;
        Ok(Response::new(PushRevisionResponse { result: Some(result) }))
    }

    async fn list_dictionaries(
        &self,
        _: Request<ListDictionariesRequest>,
    ) -> Result<Response<ListDictionariesResponse>, Status> {
        let mut dictionaries = Vec::new();
        for name in self.keeper.names(Sort::Dictionary).await? {
            dictionaries.push(self.dictionary(&name).await?);
        }
        Ok(Response::new(ListDictionariesResponse { dictionaries }))
    }

    async fn get_dictionary(
        &self,
        request: Request<GetDictionaryRequest>,
    ) -> Result<Response<GetDictionaryResponse>, Status> {
        let dictionary = self.dictionary(&name("name", &request.get_ref().name)?).await?;
        Ok(Response::new(GetDictionaryResponse {
            dictionary: Some(dictionary),
        }))
    }

    async fn list_revisions(
        &self,
        request: Request<ListRevisionsRequest>,
    ) -> Result<Response<ListRevisionsResponse>, Status> {
        let asked = request.get_ref();
        let revisions = self
            .revisions_of(Sort::Dictionary, &asked.name, asked.page_size)
            .await?;
        Ok(Response::new(ListRevisionsResponse { revisions }))
    }

    async fn get_revision(
        &self,
        request: Request<GetRevisionRequest>,
    ) -> Result<Response<GetRevisionResponse>, Status> {
        let asked = request.get_ref();
        let revision = self.revision_of(Sort::Dictionary, &asked.name, &asked.revision).await?;
        Ok(Response::new(GetRevisionResponse {
            revision: Some(revision),
        }))
    }

    async fn diff_revisions(
        &self,
        request: Request<DiffRevisionsRequest>,
    ) -> Result<Response<DiffRevisionsResponse>, Status> {
        let asked = request.get_ref();
        let (from, to, lists) = self
            .diff_of(Sort::Dictionary, &asked.name, &asked.from, &asked.to)
            .await?;
        Ok(Response::new(DiffRevisionsResponse { from, to, lists }))
    }

    async fn edit_terms(&self, request: Request<EditTermsRequest>) -> Result<Response<EditTermsResponse>, Status> {
        let author = self.author(&request, Role::Edit)?;
        let asked = request.into_inner();
        // The etag says when, not what; so does the end, which a caller who sends the request again may count from then.
        let what = EditTermsRequest {
            etag: String::new(),
            expire_time: None,
            request_id: String::new(),
            ..asked.clone()
        }
        .encode_to_vec();
        let mut about = Self::about(author, &asked.note, &asked.request_id, [])?;
        about.request = about
            .request
            .map(|_| crate::identity::ContentId::of([b"edit".as_slice(), &what]));
        let dictionary = name("name", &asked.name)?;
        if asked.edits.len() > MAX_EDITS {
            return Err(bad_field(
                "edits",
                format!("more than {MAX_EDITS} edits; push the folder instead"),
            ));
        }
        let asks = asked.edits.into_iter().map(ask).collect::<Result<_, _>>()?;
        let expires = asked.expire_time.as_ref().map(future).transpose()?;
        let step = Step::Edit {
            dictionary: dictionary.clone(),
            asks,
            expires,
        };
        let advanced = self.advance(step, about, asked.etag).await?;
        let active = advanced.entry.active.dictionaries.get(&dictionary);
        Ok(Response::new(EditTermsResponse {
            revision: active.map(|a| a.revision.to_string()).unwrap_or_default(),
            generation: advanced.entry.generation,
            changed: advanced.changed,
            etag: advanced.entry.etag(),
            suspended_cases: active.map(|a| a.suspended.clone()).unwrap_or_default(),
            unused: self.is_unused(dictionary.as_str()),
        }))
    }

    async fn list_terms(&self, request: Request<ListTermsRequest>) -> Result<Response<ListTermsResponse>, Status> {
        let asked = request.get_ref();
        let name = name("name", &asked.name)?;
        let serving = self.keeper.registry().serving().ok_or(Declined::NotReady)?;
        let names = serving.snapshot.dictionaries().map(|d| &d.name);
        let not_active = || Declined::Unplanned(Unplanned::not_active(Sort::Dictionary, &name, names));
        let mut dictionaries = serving.snapshot.dictionaries();
        let dictionary = dictionaries.find(|d| d.name == name).ok_or_else(not_active)?;
        let from = match asked.page_token.as_str() {
            "" => 0,
            token => token
                .parse()
                .map_err(|_| bad_field("page_token", "copy it from the answer before"))?,
        };
        let size = page(asked.page_size, PAGE);
        let mut answer = ListTermsResponse {
            revision: dictionary.revision.to_string(),
            ..ListTermsResponse::default()
        };
        for (looked, (slot, term)) in dictionary.terms.from_slot(from).enumerate() {
            if answer.terms.len() == size || looked == LOOK_AT {
                answer.next_page_token = slot.to_string();
                break;
            }
            if term.text.contains(&asked.contains) {
                answer.terms.push(term_info(term));
            }
        }
        Ok(Response::new(answer))
    }
}

fn term_info(term: TermRef<'_>) -> proto::TermInfo {
    proto::TermInfo {
        text: term.text.to_owned(),
        id: term.id.to_owned(),
        severity: term.severity.as_str().to_owned(),
        category: term.category.to_owned(),
        tolerance: term.tolerance.as_str().to_owned(),
        alias: term.alias,
    }
}

fn ask(edit: proto::TermEdit) -> Result<Ask, Status> {
    Ok(match edit.edit {
        Some(term_edit::Edit::AddTerm(term)) => Ask::AddTerm(NewTerm {
            severity: word("add_term.severity", &term.severity, Severity::WRITTEN)?,
            tolerance: word("add_term.tolerance", &term.tolerance, Tolerance::WRITTEN)?,
            mode: word("add_term.match", &term.r#match, MatchMode::WRITTEN)?,
            text: term.text,
            id: term.id,
            category: term.category,
            alias_of: term.alias_of,
            note: term.note,
        }),
        Some(term_edit::Edit::RemoveTerm(text)) => Ask::RemoveTerm(text),
        Some(term_edit::Edit::AddException(text)) => Ask::AddException(text),
        Some(term_edit::Edit::RemoveException(text)) => Ask::RemoveException(text),
        None => return Err(bad_field("edits", "an edit says nothing")),
    })
}

fn word<T: FromStr>(field: &str, written: &str, words: &[&str]) -> Result<Option<T>, Status> {
    if written.is_empty() {
        return Ok(None);
    }
    let mend = || did_you_mean(written, words);
    let unknown = |_| {
        bad_field(
            field,
            format!("{written:?} is not one of the possible values; {}", mend()),
        )
    };
    written.parse().map(Some).map_err(unknown)
}

fn future(time: &prost_types::Timestamp) -> Result<Time, Status> {
    let millis = u64::try_from(time.seconds)
        .ok()
        .map(|s| s * 1_000 + u64::try_from(time.nanos).unwrap_or_default() / 1_000_000);
    let end = millis
        .filter(|_| timestamp::is_valid(time))
        .map(Time)
        .filter(|end| *end > Time::now());
    end.ok_or_else(|| bad_field("expire_time", "an edit ends in the future"))
}
