package files

import (
	"bytes"
	"image"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/bep/imagemeta"

	"xuncha/inspection"
)

// Limits of the look into a file for what it says of itself. The files are
// strangers': a look never fails an upload, it finds less.
const (
	metaTime  = 2 * time.Second // of reading EXIF
	metaTags  = 1000
	metaBytes = 4 << 20 // of the head and of the tail of a PDF
	maxPages  = 100_000
)

// Meta is what a file says of itself. Anybody can write it otherwise: it is a
// reason to ask, never a proof.
type Meta struct {
	TakenAt  *time.Time // of a picture, when it was taken
	MadeAt   *time.Time // of a document, when it was made
	EditedAt *time.Time // and last changed
	Pages    *int
	Picture  *int64 // perceptual hash of what can be seen
}

// Describe reads what the file says of itself. It finds less of a broken or
// hostile file, and never fails.
func Describe(r io.ReaderAt, size int64, k Kind) (m Meta) {
	defer func() {
		if recover() != nil { // a decoder that a stranger's bytes broke
			m = Meta{}
		}
	}()
	switch k.Type {
	case "application/pdf":
		m.pdf(ends(r, size))
		eachPDF(r, size, m.pages)
	case "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "image/tiff":
		m.exif(io.NewSectionReader(r, 0, size), k.Type)
	}
	switch k.Type {
	case "image/jpeg", "image/png", "image/webp", "image/gif":
		m.Picture = seen(r, size)
	}
	if slices.Contains(office, k.Type) {
		m.office(r, size)
	}
	return m
}

var formats = map[string]imagemeta.ImageFormat{
	"image/jpeg": imagemeta.JPEG, "image/png": imagemeta.PNG, "image/webp": imagemeta.WebP,
	"image/heic": imagemeta.HEIF, "image/heif": imagemeta.HEIF, "image/tiff": imagemeta.TIFF,
}

// exif takes the time of the shot. The time of a later change (ModifyDate) is not
// it, and is not taken instead. A camera writes its own clock, mostly without
// zone: this country has one.
func (m *Meta) exif(r io.ReadSeeker, mediaType string) {
	var shot, zone string
	_, err := imagemeta.Decode(imagemeta.Options{
		R: r, ImageFormat: formats[mediaType], Sources: imagemeta.EXIF,
		Timeout: metaTime, LimitNumTags: metaTags, Warnf: func(string, ...any) {},
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			return tag.Tag == "DateTimeOriginal" || tag.Tag == "OffsetTimeOriginal"
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			if text, ok := tag.Value.(string); ok {
				if tag.Tag == "DateTimeOriginal" {
					shot = text
				} else {
					zone = text
				}
			}
			return nil
		},
	})
	if err != nil {
		return
	}
	if at, err := time.Parse("2006:01:02 15:04:05Z07:00", shot+zone); err == nil && zone != "" {
		m.TakenAt = plausible(at)
	} else if at, err := time.ParseInLocation("2006:01:02 15:04:05", shot, inspection.Zone); err == nil {
		m.TakenAt = plausible(at)
	}
}

// plausible drops what no clock of our time showed, such as a camera's that was
// never set.
func plausible(at time.Time) *time.Time {
	if at.Year() < 1990 || at.Year() > 2199 {
		return nil
	}
	return new(at.UTC().Truncate(time.Second))
}

// ends returns the head and the tail of a file, where a PDF keeps what it says of
// itself.
func ends(r io.ReaderAt, size int64) []byte {
	b := make([]byte, min(size, 2*metaBytes))
	if size <= 2*metaBytes {
		n, _ := r.ReadAt(b, 0)
		return b[:n]
	}
	n, _ := r.ReadAt(b[:metaBytes], 0)
	k, _ := r.ReadAt(b[n:n+metaBytes], size-metaBytes)
	return b[:n+k]
}

var (
	pdfMade   = regexp.MustCompile(`/CreationDate\s*\(D:(\d{8,14})([Zz+-])?(\d\d)?'?(\d\d)?`)
	pdfEdited = regexp.MustCompile(`/ModDate\s*\(D:(\d{8,14})([Zz+-])?(\d\d)?'?(\d\d)?`)
	xmpMade   = regexp.MustCompile(`<xmp:CreateDate>([^<]{10,35})<`)
	xmpEdited = regexp.MustCompile(`<xmp:ModifyDate>([^<]{10,35})<`)
	pageTree  = regexp.MustCompile(`/Type\s*/Pages\b[^<>]{0,1000}?/Count\s+(\d{1,6})|/Count\s+(\d{1,6})[^<>]{0,1000}?/Type\s*/Pages\b`)
)

// pdf reads what stands in the clear of when it was made.
func (m *Meta) pdf(b []byte) {
	m.MadeAt, m.EditedAt = pdfTime(b, pdfMade, xmpMade), pdfTime(b, pdfEdited, xmpEdited)
}

// pages counts the pages of a PDF as its tree of pages says.
func (m *Meta) pages(b []byte) {
	for _, found := range pageTree.FindAllSubmatch(b, 100) {
		n, err := strconv.Atoi(string(found[1]) + string(found[2]))
		if err == nil && n > 0 && n <= maxPages && (m.Pages == nil || n > *m.Pages) {
			m.Pages = &n // the root of the tree counts them all
		}
	}
}

func pdfTime(b []byte, info, xmp *regexp.Regexp) *time.Time {
	if found := info.FindSubmatch(b); found != nil {
		digits := string(found[1]) + "20000101000000"[len(found[1]):] // what may be left out
		zone := "+0800"
		switch {
		case bytes.EqualFold(found[2], []byte("z")):
			zone = "+0000"
		case len(found[2]) == 1 && len(found[3]) == 2:
			zone = string(found[2]) + string(found[3]) + string(found[4]) + "00"[:2-len(found[4])]
		}
		if at, err := time.Parse("20060102150405-0700", digits+zone); err == nil {
			return plausible(at)
		}
	}
	if found := xmp.FindSubmatch(b); found != nil {
		return w3cTime(string(found[1]))
	}
	return nil
}

// w3cTime reads a time as W3C documents write it.
func w3cTime(text string) *time.Time {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"} {
		if at, err := time.ParseInLocation(form, text, inspection.Zone); err == nil {
			return plausible(at)
		}
	}
	return nil
}

// picturesAtOnce keeps what decoding takes to one picture's pixels.
var picturesAtOnce = make(chan struct{}, 1)

// maxHashed is how many pixels a picture may have to be compared: a phone's have
// twelve million. Decoding takes up to eight bytes for each.
const maxHashed = 16_000_000

// seen returns the perceptual hash of a picture, or nil if it is too large or has
// too little in it: sheets of one colour are all alike.
func seen(r io.ReaderAt, size int64) *int64 {
	cfg, _, err := image.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil || int64(cfg.Width)*int64(cfg.Height) > maxHashed {
		return nil
	}
	picturesAtOnce <- struct{}{}
	defer func() { <-picturesAtOnce }()
	img, _, err := image.Decode(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil
	}
	return perceptual(img)
}
