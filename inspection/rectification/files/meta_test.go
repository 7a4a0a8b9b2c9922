package files_test

import (
	"bytes"
	"math/bits"
	"math/rand/v2"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/files/sample"
)

func describe(t *testing.T, name string, b []byte) files.Meta {
	t.Helper()
	look, err := files.Inspect(bytes.NewReader(b), int64(len(b)), name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return files.Describe(bytes.NewReader(b), int64(len(b)), look.Kind)
}

func at(t *testing.T, got *time.Time, want string) {
	t.Helper()
	switch {
	case got == nil && want != "":
		t.Errorf("no time, want %s", want)
	case got != nil && got.In(inspection.Zone).Format("2006-01-02 15:04") != want:
		t.Errorf("time %s, want %q", got.In(inspection.Zone), want)
	}
}

// TestDescribe reads what files say of themselves. A camera's time without zone is
// this country's, wherever the server stands.
func TestDescribe(t *testing.T) {
	t.Parallel()
	made, edited := time.Date(2026, 8, 17, 9, 30, 0, 0, inspection.Zone), time.Date(2026, 8, 18, 10, 0, 0, 0, inspection.Zone)
	photo := sample.Scene("中转点", 640, 480)
	t.Run("photo", func(t *testing.T) {
		m := describe(t, "IMG_0712.jpg", sample.JPEG(photo, 90, "2026:03:02 10:21:00"))
		at(t, m.TakenAt, "2026-03-02 10:21")
		at(t, m.MadeAt, "")
		if m.Picture == nil {
			t.Error("no perceptual hash")
		}
	})
	t.Run("photo that says nothing", func(t *testing.T) {
		m := describe(t, "a.jpg", sample.JPEG(photo, 90, ""))
		at(t, m.TakenAt, "")
	})
	t.Run("camera never set", func(t *testing.T) {
		m := describe(t, "a.jpg", sample.JPEG(photo, 90, "0000:00:00 00:00:00"))
		at(t, m.TakenAt, "")
	})
	t.Run("one colour", func(t *testing.T) {
		m := describe(t, "a.png", sample.PNG(sample.Scene("", 1, 1)))
		if m.Picture != nil {
			t.Error("a sheet of one colour is compared with others")
		}
	})
	t.Run("docx", func(t *testing.T) {
		m := describe(t, "会议纪要.docx", sample.DOCX(made, edited, "会议纪要"))
		at(t, m.MadeAt, "2026-08-17 09:30")
		at(t, m.EditedAt, "2026-08-18 10:00")
	})
	for name, text := range map[string]string{
		"info":   "/CreationDate (D:20260817093000+08'00') /ModDate (D:20260818020000Z)",
		"no day": "/CreationDate(D:20260817093000) /ModDate(D:20260818100000)",
		"xmp":    "<xmp:CreateDate>2026-08-17T09:30:00+08:00</xmp:CreateDate><xmp:ModifyDate>2026-08-18T10:00:00+08:00</xmp:ModifyDate>",
	} {
		t.Run("pdf "+name, func(t *testing.T) {
			m := describe(t, "a.pdf", []byte("%PDF-1.7\n1 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 12>>\nendobj\n<<"+text+">>\n%%EOF\n"))
			at(t, m.MadeAt, "2026-08-17 09:30")
			at(t, m.EditedAt, "2026-08-18 10:00")
			if m.Pages == nil || *m.Pages != 12 {
				t.Errorf("pages %v, want 12", m.Pages)
			}
		})
	}
}

// TestNearPictures compares a picture with itself made smaller and worse, and with
// others.
func TestNearPictures(t *testing.T) {
	t.Parallel()
	hash := func(b []byte) uint64 {
		m := describe(t, "a.jpg", b)
		if m.Picture == nil {
			t.Fatal("no perceptual hash")
		}
		return uint64(*m.Picture) //nolint:gosec // a pattern of bits
	}
	whole := hash(sample.JPEG(sample.Scene("中转点", 800, 600), 92, ""))
	if n := bits.OnesCount64(whole ^ hash(sample.JPEG(sample.Scene("中转点", 400, 300), 40, "2026:03:02 10:21:00"))); n > 4 {
		t.Errorf("the same picture made smaller differs in %d bits of 64", n)
	}
	for _, other := range []string{"公厕", "会议", "道路", "公示栏"} {
		if n := bits.OnesCount64(whole ^ hash(sample.JPEG(sample.Scene(other, 800, 600), 92, ""))); n < 16 {
			t.Errorf("%s differs in %d bits of 64", other, n)
		}
	}
}

// read counts the bytes that are read of a file.
type read struct {
	*bytes.Reader
	n int
}

func (r *read) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.Reader.ReadAt(p, off)
	r.n += n
	return n, err
}

// TestDescribeHostile cuts and breaks files at random places: less is found, nothing
// fails, and no file is read over and over.
func TestDescribeHostile(t *testing.T) {
	t.Parallel()
	whole := map[string][]byte{
		"image/jpeg": sample.JPEG(sample.Scene("中转点", 320, 240), 90, "2026:03:02 10:21:00"),
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": sample.DOCX(time.Now(), time.Now(), "会议纪要"),
		"application/pdf": []byte("%PDF-1.7\n<</Type/Pages/Count 999999>> /CreationDate (D:20269999999999) << /Type /Pages " + string(bytes.Repeat([]byte("/Count "), 5000))),
	}
	for kind, b := range whole {
		random := rand.New(rand.NewPCG(7, uint64(len(b))))
		for range 200 {
			broken := bytes.Clone(b[:1+random.IntN(len(b))])
			for range random.IntN(8) {
				broken[random.IntN(len(broken))] = byte(random.IntN(256))
			}
			r := &read{Reader: bytes.NewReader(broken)}
			files.Describe(r, int64(len(broken)), files.Kind{Type: kind})
			if most := 8*len(broken) + 64<<10; r.n > most {
				t.Errorf("%d bytes are read of a %s of %d", r.n, kind, len(broken))
			}
		}
	}
}
