//! The JSON Schema of the result: a document that a test makes from the types that write it.

use serde_json::Value;

/// The JSON Schema (draft-07) of what `lindley run --format json` prints.
///
/// ```
/// let schema = lindley::report::schema::result_schema();
/// assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
/// ```
pub fn result_schema() -> Value {
    serde_json::from_slice(include_bytes!("../../docs/schema/result.json")).expect("the document is JSON")
}

#[cfg(test)]
mod tests {
    use crate::experiment::result::ResultSet;
    use schemars::generate::SchemaSettings;

    /// `SNAPSHOTS=overwrite` writes it anew.
    #[test]
    fn the_document_is_what_the_types_describe() {
        let described = SchemaSettings::draft07().into_generator().into_root_schema_for::<ResultSet>().to_value();
        let described = serde_json::to_string_pretty(&described).expect("it is JSON") + "\n";
        snapbox::assert_data_eq!(described, snapbox::file!["../../docs/schema/result.json"].raw());
    }
}
