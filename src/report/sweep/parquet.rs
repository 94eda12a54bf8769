//! Columns as a Parquet file: doubles, 64-bit integers and texts, every column optional.

use super::columns::{Cells, TidyColumn};
use crate::report::ReportError;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use std::sync::Arc;

/// The file.
pub(super) fn write(columns: &[TidyColumn<'_>]) -> Result<Vec<u8>, ReportError> {
    written(columns).map_err(|e| ReportError::Io(std::io::Error::other(e)))
}

fn written(columns: &[TidyColumn<'_>]) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder("sweep").with_fields(fields).build()?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for column in columns {
        match &column.cells {
            Cells::Numbers(cells) => put::<DoubleType>(&mut group, cells.iter().copied())?,
            Cells::Integers(cells) => put::<Int64Type>(&mut group, cells.iter().copied())?,
            Cells::Texts(cells) => {
                put::<ByteArrayType>(&mut group, cells.iter().map(|c| c.as_deref().map(ByteArray::from)))?;
            }
        }
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

fn field(column: &TidyColumn<'_>) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.cells {
        Cells::Numbers(_) => (Physical::DOUBLE, None),
        Cells::Integers(_) => (Physical::INT64, None),
        Cells::Texts(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let field = Type::primitive_type_builder(&column.name, physical).with_repetition(Repetition::OPTIONAL);
    field.with_logical_type(logical).build().map(Arc::new)
}

/// Writes the next column; a gap has definition level 0 and no value.
fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    cells: impl Iterator<Item = Option<T::T>> + Clone,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = cells.clone().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.flatten().collect();
    let mut column =
        group.next_column()?.ok_or_else(|| ParquetError::General("more columns than fields".to_string()))?;
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}
