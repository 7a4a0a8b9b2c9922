package files

import (
	"archive/zip"
	"encoding/xml"
	"image"
	"io"
	"math/bits"

	"github.com/corona10/goimagehash"
)

// office are the kinds whose properties stand in docProps.
var office = []string{
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// maxProperties is how many bytes of a document's properties are read.
const maxProperties = 64 << 10

// office reads the properties of a document (ECMA-376, part 2, chapter 11).
func (m *Meta) office(r io.ReaderAt, size int64) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return
	}
	for _, f := range z.File {
		switch f.Name {
		case "docProps/core.xml":
			var p struct {
				Created  string `xml:"created"`
				Modified string `xml:"modified"`
			}
			if properties(f, &p) {
				m.MadeAt, m.EditedAt = w3cTime(p.Created), w3cTime(p.Modified)
			}
		case "docProps/app.xml":
			var p struct {
				Pages  int `xml:"Pages"`
				Slides int `xml:"Slides"`
			}
			if n := 0; properties(f, &p) {
				if n = p.Pages + p.Slides; n > 0 && n <= maxPages {
					m.Pages = &n
				}
			}
		}
	}
}

func properties(f *zip.File, into any) bool {
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer func() { _ = r.Close() }()
	return xml.NewDecoder(io.LimitReader(r, maxProperties)).Decode(into) == nil
}

// fewest is how many bits of a hash must stand on either side: a picture with
// less has nothing in it.
const fewest = 8

func perceptual(img image.Image) *int64 {
	h, err := goimagehash.PerceptionHash(img)
	if err != nil {
		return nil
	}
	if n := bits.OnesCount64(h.GetHash()); n < fewest || n > 64-fewest {
		return nil
	}
	return new(int64(h.GetHash())) //nolint:gosec // a pattern of bits
}
