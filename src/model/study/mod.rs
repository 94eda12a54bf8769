//! What a file asks of a model beside running it: the sections `[[sweep]]`, `[size]` and `[drain]`.
//! Pure data; read by [`parse_study`](crate::model::parse_study).

pub(crate) mod drain;
pub mod size;
pub mod sweep;

pub use drain::DrainQuestion;
pub use size::SizeQuestion;
pub use sweep::SweepBlock;

/// The questions of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StudyFile {
    /// `[[sweep]]`, in file order.
    pub sweeps: Vec<SweepBlock>,
    /// `[size]`.
    pub size: Option<SizeQuestion>,
    /// `[drain]`.
    pub drain: Option<DrainQuestion>,
}
