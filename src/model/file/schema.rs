//! The JSON Schema of a model file, for editors (taplo, Even Better TOML) and for programs that write models.

use serde_json::Value;

/// The JSON Schema (draft-07) of a model file.
///
/// ```
/// let schema = lindley::model::file::schema::schema();
/// assert_eq!(schema["title"], "Model file");
/// ```
pub fn schema() -> Value {
    serde_json::from_slice(include_bytes!("../../../docs/schema/model.json")).expect("the document is JSON")
}
