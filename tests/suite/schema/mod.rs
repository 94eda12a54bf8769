//! The JSON Schema of model files as a document: what `lindley schema model` prints.

mod model_file;

/// `SNAPSHOTS=overwrite` writes it anew.
#[test]
fn the_document_is_what_its_types_describe() {
    let described = serde_json::to_string_pretty(&model_file::schema()).expect("it is JSON") + "\n";
    snapbox::assert_data_eq!(described, snapbox::file!["../../../docs/schema/model.json"].raw());
}
