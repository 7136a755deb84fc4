//! Files that open in a viewer: small PDFs, PNGs and CSVs.

use std::fmt::Write as _;
use std::io::Write as _;

/// A file that travels with a mail.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl File {
    /// The id by which HTML shows it.
    #[must_use]
    pub fn content_id(&self) -> String {
        format!("{}@inline.example.com", self.name.replace(' ', "_"))
    }
}

/// A one-page PDF with these lines of ASCII text; the first is its heading.
#[must_use]
pub fn pdf(name: &str, lines: &[&str]) -> File {
    let mut page = String::from("BT 72 770 Td 22 TL\n");
    for (number, line) in lines.iter().enumerate() {
        let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        let _ = writeln!(page, "/F1 {} Tf ({line}) Tj T*", if number == 0 { 20 } else { 11 });
    }
    page.push_str("ET\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}endstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", text.len());
        let _ = write!(text, "{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = text.len();
    let count = objects.len() + 1;
    let _ = write!(
        text,
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    File { name: name.to_owned(), content_type: "application/pdf", bytes: text.into_bytes() }
}

/// A CSV file.
#[must_use]
pub fn csv(name: &str, rows: &[&str]) -> File {
    let bytes = (rows.join("\r\n") + "\r\n").into_bytes();
    File { name: name.to_owned(), content_type: "text/csv", bytes }
}

/// A PNG whose colour at each point is what `paint` says, as red, green and blue.
#[must_use]
pub fn png(name: &str, width: u32, height: u32, paint: impl Fn(u32, u32) -> [u8; 3]) -> File {
    let mut pixels = Vec::new();
    for y in 0..height {
        pixels.push(0); // no filter
        for x in 0..width {
            pixels.extend_from_slice(&paint(x, y));
        }
    }
    let mut header = Vec::new();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]); // eight bits, colours
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut bytes, *b"IHDR", &header);
    chunk(&mut bytes, *b"IDAT", &zlib(&pixels));
    chunk(&mut bytes, *b"IEND", &[]);
    File { name: name.to_owned(), content_type: "image/png", bytes }
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    let body = [&kind, data].concat();
    out.extend_from_slice(&body);
    let mut crc = flate2::Crc::new();
    crc.update(&body);
    out.extend_from_slice(&crc.sum().to_be_bytes());
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

/// A photograph-like picture of a broken part: a dark wheel with a bright crack.
#[must_use]
pub fn photo(name: &str, seed: u32) -> File {
    png(name, 320, 240, move |x, y| {
        let (dx, dy) = (i64::from(x) - 160, i64::from(y) - 120);
        let distance = dx * dx + dy * dy;
        let grain = u8::try_from((x * 7 + y * 13 + seed * 31) % 23).unwrap_or(0);
        let crack = (dx + dy / 3 + i64::from(seed % 40)).abs() < 3 && dy < 20;
        match distance {
            _ if crack && distance < 9_000 => [235, 225, 200],
            7_000..=9_000 => [30 + grain, 30 + grain, 34 + grain],
            0..=400 => [120 + grain, 122 + grain, 128 + grain],
            _ if (dx * 3 - dy * 5).abs() < 40 || (dx * 5 + dy * 2).abs() < 40 => {
                [150 + grain, 152 + grain, 158 + grain]
            }
            _ => [196 + grain, 188 + grain, 170 + grain],
        }
    })
}

/// A logo: a coloured band with a chain of rings.
#[must_use]
pub fn logo(name: &str, colour: [u8; 3]) -> File {
    png(name, 160, 40, move |x, y| {
        let (dx, dy) = (i64::from(x % 32) - 16, i64::from(y) - 20);
        if (100..=180).contains(&(dx * dx + dy * dy)) { [255, 255, 255] } else { colour }
    })
}
