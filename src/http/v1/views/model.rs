//! Lists of tickets under a name, and searches, as the browser sees them.

use std::collections::{BTreeMap, HashMap};

use axum::extract::Query;
use axum::http::Uri;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::problem::{Problem, Result};
use crate::http::v1::search::order;
use crate::http::v1::tickets::{TicketQuery, wanted};
use crate::service::saved_views::{self, NewView, SavedView};
use crate::service::search::asks_something;

/// What says which page of a list, and not which tickets.
const OF_PAGES: [&str; 2] = ["cursor", "limit"];

/// What a view that is a search asks, and in which order it shows what is found.
const SEARCH: &str = "search";
const SORT: &str = "sort";

/// A list of tickets under a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct View {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// The parameters of `GET /tickets` that it stands for; or `search`, which is `q` of
    /// `POST /search`, and perhaps the `sort` of it.
    #[schema(example = json!({ "status": "open", "assignee": "none" }))]
    pub filter: BTreeMap<String, String>,
    /// Whether everybody sees it.
    pub shared: bool,
    /// Whether it is the actor's own.
    pub own: bool,
    /// Whether the actor may change it.
    pub can_change: bool,
    /// Rises with each change; what a change says in `If-Match`.
    pub version: i32,
}

impl View {
    pub(super) fn of(actor: &Actor, view: SavedView) -> Self {
        Self {
            can_change: saved_views::may_change(actor, &view),
            own: view.owner == actor.membership_id,
            id: view.id.0,
            name: view.content.name,
            filter: view.content.filter,
            shared: view.is_shared,
            version: view.version,
        }
    }
}

/// How many tickets views have.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ViewCounts {
    /// By the id of the view; one that is a search has none.
    pub counts: HashMap<Uuid, u64>,
}

/// The list that these parameters ask for.
pub(super) fn list_query(filter: &BTreeMap<String, String>) -> Result<TicketQuery> {
    let wrong = |message: &str| Problem::invalid("filter", message);
    let known = TicketQuery::into_params(|| None);
    for name in filter.keys() {
        let is_known = known.iter().any(|param| param.name == *name);
        if !is_known || OF_PAGES.contains(&name.as_str()) {
            return Err(wrong("the list of tickets has no such filter"));
        }
    }
    let words =
        url::form_urlencoded::Serializer::new("/?".to_owned()).extend_pairs(filter).finish();
    let uri: Uri = words.parse().map_err(|_| wrong("this filter is too long to be kept"))?;
    let Query(query) = Query::<TicketQuery>::try_from_uri(&uri)
        .map_err(|_| wrong("the list of tickets does not take this"))?;
    Ok(query)
}

/// What a view is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ViewRequest {
    /// What it is called, 1 to 80 characters.
    pub name: String,
    /// The parameters of `GET /tickets` that it stands for; or `search`, which is `q` of
    /// `POST /search`, and perhaps the `sort` of it.
    #[schema(example = json!({ "status": "open", "assignee": "none" }))]
    pub filter: BTreeMap<String, String>,
    /// Whether everybody sees it.
    #[serde(default)]
    pub shared: bool,
}

impl ViewRequest {
    /// Nothing is kept that the list or the search would refuse.
    pub(super) fn checked(self) -> Result<NewView> {
        match self.filter.get(SEARCH) {
            Some(question) => self.check_search(question)?,
            None => {
                wanted(list_query(&self.filter)?)?;
            }
        }
        Ok(NewView { name: self.name, filter: self.filter, is_shared: self.shared })
    }

    fn check_search(&self, question: &str) -> Result<()> {
        if self.filter.keys().any(|name| ![SEARCH, SORT].contains(&name.as_str())) {
            let message = "a search is narrowed in its own words: give nothing else but its sort";
            return Err(Problem::invalid("filter", message));
        }
        order(self.filter.get(SORT).map(String::as_str))?;
        if !asks_something(question)? {
            return Err(Problem::invalid("filter", "say what to search for"));
        }
        Ok(())
    }
}
