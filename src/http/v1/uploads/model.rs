//! Files that wait for an answer.

use utoipa::ToSchema;

/// A file to upload.
#[derive(Debug, ToSchema)]
pub struct UploadForm {
    /// The number of the ticket that it is for; stands before the file.
    pub ticket: Option<i64>,
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    pub file: Vec<u8>,
}
