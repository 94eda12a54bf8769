//! The JSON Schema of the result, made from the types that write it.

use crate::experiment::result::ResultSet;
use schemars::generate::SchemaSettings;

/// The JSON Schema (draft-07) of what `lindley run --format json` prints.
///
/// ```
/// let schema = lindley::report::schema::result_schema();
/// assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
/// ```
pub fn result_schema() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<ResultSet>().to_value()
}
