//! The sanitizer: what leaves here is its output, unedited.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::css;
use super::fold;
use super::normalise::{self, ELEMENTS, ImageRef, MORE_ELEMENTS};

/// Sanitized HTML to store: whole, with remote images in `data-remote-src` and embedded ones in
/// `data-cid`. The flag is true when it had to be flattened. HTML over `max` bytes gives `None`.
#[must_use]
pub fn store(html: &str, max: usize, depth: usize) -> Option<(String, bool)> {
    static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(HashSet::new()));
    if html.len() > max {
        return None;
    }
    let normal = normalise::normalise(html, depth, None);
    // Escaping can make it four times as long.
    if normal.html.len() > max * 2 {
        return None;
    }
    Some((CLEANER.clean(&normal.html).to_string(), normal.flattened))
}

/// The HTML to show in the frame, from what [`store`] made: `images` gives the address under
/// which an image may be loaded, or `None` to leave it out.
#[must_use]
pub fn render(html: &str, images: impl Fn(ImageRef<'_>) -> Option<String>) -> String {
    let normal = normalise::normalise(html, 2_000, Some(&images));
    builder(normal.sources.into_iter().collect()).clean(&normal.html).to_string()
}

/// The same for a mail of ours that quotes it: without images, and without marks for our page.
#[must_use]
pub fn quote(html: &str) -> String {
    let normal = normalise::normalise(html, 2_000, Some(&|_| None));
    let mut builder = builder(HashSet::new());
    builder.rm_generic_attributes([fold::MARK]);
    builder.clean(&normal.html).to_string()
}

/// The same for a mail of ours that passes it on, with those images that `images` gives an address.
#[must_use]
pub fn pass_on(html: &str, images: impl Fn(ImageRef<'_>) -> Option<String>) -> String {
    let normal = normalise::normalise(html, 2_000, Some(&images));
    let mut builder = builder(normal.sources.into_iter().collect());
    builder.rm_generic_attributes([fold::MARK]);
    builder.rm_tag_attributes("img", &["data-cid", "data-remote-src"]);
    builder.clean(&normal.html).to_string()
}

/// Addresses of the remote images in stored HTML: the only ones that an image proxy may fetch.
#[must_use]
pub fn remote_images(html: &str) -> Vec<String> {
    let found = std::cell::RefCell::new(Vec::new());
    let collect = |image: ImageRef<'_>| {
        if let ImageRef::Remote(url) = image {
            found.borrow_mut().push(url.to_owned());
        }
        None
    };
    let _ = normalise::normalise(html, 2_000, Some(&collect));
    found.into_inner()
}

/// `data:` with a bitmap in it.
#[must_use]
pub fn is_image_data(url: &str) -> bool {
    let Some(head) = url.get(..24.min(url.len())) else { return false };
    let head = head.to_ascii_lowercase();
    let Some(kind) = head.strip_prefix("data:image/") else { return false };
    ["png", "jpeg", "jpg", "gif", "webp", "bmp", "avif"]
        .iter()
        .any(|k| kind.strip_prefix(k).is_some_and(|rest| rest.starts_with([';', ','])))
        && !url.contains(char::is_whitespace)
}

fn builder(sources: HashSet<String>) -> Builder<'static> {
    let common = ["style", "title", "dir", "lang", "align", fold::MARK];
    let box_attributes = ["width", "height", "bgcolor", "valign", "border"];
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for element in ["table", "tr", "td", "th", "tbody", "thead", "tfoot", "col", "colgroup"] {
        let set = attributes.entry(element).or_default();
        set.extend(box_attributes);
        set.extend(["cellpadding", "cellspacing", "colspan", "rowspan", "span", "nowrap"]);
    }
    attributes.insert("a", HashSet::from(["href"]));
    attributes.insert("div", HashSet::from(["bgcolor"]));
    attributes.insert("font", HashSet::from(["color", "face", "size"]));
    attributes.insert("hr", HashSet::from(["width", "size", "color"]));
    attributes.insert("ol", HashSet::from(["start", "type"]));
    attributes.insert("ul", HashSet::from(["type"]));
    attributes.insert(
        "img",
        HashSet::from(["src", "alt", "width", "height", "border", "data-cid", "data-remote-src"]),
    );
    let quote = HashSet::from(["gmail_quote", "gmail_attr", "gmail_signature"]);
    let classes = HashMap::from([("blockquote", quote.clone()), ("div", quote)]);

    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.into_iter().chain(MORE_ELEMENTS).collect())
        .clean_content_tags(HashSet::from(["script", "style", "title"]))
        .generic_attributes(HashSet::from(common))
        .tag_attributes(attributes)
        .allowed_classes(classes)
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "data", "cid"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true)
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            (_, "style") => css::filter(value).map(Cow::Owned),
            (_, "href") => is_link(value).then_some(Cow::Borrowed(value)),
            ("img", "src") => {
                (sources.contains(value) || is_image_data(value)).then_some(Cow::Borrowed(value))
            }
            (_, "src") => None,
            _ => Some(Cow::Borrowed(value)),
        });
    builder
}

/// Only whole addresses: a relative one would point into our own pages.
fn is_link(url: &str) -> bool {
    let url = url.trim_start();
    ["http://", "https://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|u| u.eq_ignore_ascii_case(scheme)))
}
