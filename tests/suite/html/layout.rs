//! A picture of a page as a coarse map of its brightness: where blocks stand, not how letters look.
//! Fonts differ between machines, so single pixels say nothing.

/// Columns of the map.
const COLUMNS: usize = 64;
/// Rows of the map, whatever the height of the page: fonts stretch it.
const ROWS: usize = 192;

/// Mean brightness of each cell, 0 to 255.
#[derive(Debug, Clone, PartialEq)]
pub struct Map(pub Vec<u8>);

impl Map {
    /// The map of a picture.
    pub fn of(png: &[u8]) -> Map {
        let mut decoder = png_image::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png_image::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().expect("it is a picture");
        let mut pixels = vec![0; reader.output_buffer_size().expect("it fits")];
        let frame = reader.next_frame(&mut pixels).expect("it is whole");
        let samples = frame.color_type.samples();
        let (width, height) = (frame.width as usize, frame.height as usize);
        let mut sums = vec![(0u64, 0u64); COLUMNS * ROWS];
        for (i, pixel) in pixels[..width * height * samples].chunks_exact(samples).enumerate() {
            let cell = (i / width * ROWS / height) * COLUMNS + i % width * COLUMNS / width;
            sums[cell].0 += u64::from(pixel[0]) + u64::from(pixel[samples.min(3) / 2]);
            sums[cell].1 += 2;
        }
        Map(sums.into_iter().map(|(sum, n)| (sum / n.max(1)) as u8).collect())
    }

    /// The map as a small grey picture.
    pub fn png(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png_image::Encoder::new(&mut out, COLUMNS as u32, ROWS as u32);
        encoder.set_color(png_image::ColorType::Grayscale);
        encoder.set_depth(png_image::BitDepth::Eight);
        let mut writer = encoder.write_header().expect("into memory");
        writer.write_image_data(&self.0).expect("into memory");
        drop(writer);
        out
    }

    /// Mean difference of brightness, blurred over neighbouring cells, as a share of white.
    pub fn distance(&self, other: &Map) -> f64 {
        let (a, b) = (self.blurred(), other.blurred());
        a.iter().zip(&b).map(|(x, y)| (x - y).abs()).sum::<f64>() / (255.0 * a.len() as f64)
    }

    /// Each cell with the two rows above and below: text that wraps elsewhere moves by a line or two.
    fn blurred(&self) -> Vec<f64> {
        let cell = |row: usize, column: usize| f64::from(self.0[row * COLUMNS + column]);
        let mean = |row: usize, column: usize| {
            let (first, last) = (row.saturating_sub(2), (row + 2).min(ROWS - 1));
            (first..=last).map(|r| cell(r, column)).sum::<f64>() / (last - first + 1) as f64
        };
        (0..ROWS * COLUMNS).map(|i| mean(i / COLUMNS, i % COLUMNS)).collect()
    }
}
