package files_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bep/imagemeta"
	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/files/sample"
)

// private is what must not leave with a clean copy.
var private = []string{"GPS", "39.9042", "SERIAL", "某人", "Samsung"}

// tiff is an EXIF block, its directory with the way up (6), its rest with a place.
func tiff() []byte {
	b := []byte("II\x2a\x00\x08\x00\x00\x00")
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = append(b, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0)       // orientation
	b = append(b, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 200, 0, 0, 0)     // GPS directory
	return append(b, "\x00\x00\x00\x00 GPS 39.9042 SERIAL 某人"...) // what the tags would hold
}

func segment(marker byte, body string) []byte {
	return append([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// photo is a JPEG as a phone makes it: EXIF, XMP, further pictures, a comment, and a
// film behind its end.
func photo(t testing.TB) []byte {
	t.Helper()
	plain := sample.JPEG(sample.Scene("现场", 640, 480), 90, "")
	b := slices.Concat([]byte{0xff, 0xd8},
		segment(0xe1, "Exif\x00\x00"+string(tiff())), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x GPS='39.9042'/>"),
		segment(0xe2, "MPF\x00GPS"), segment(0xed, "Photoshop 3.0\x00 某人"), segment(0xfe, "Samsung SERIAL"), plain[2:])
	return append(b, "second picture: GPS 39.9042"...)
}

func chunk(kind, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, kind+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func box(kind, body string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + kind + body
}

// TestClean takes what a camera wrote out of each kind of file, and leaves what is
// seen as it was.
func TestClean(t *testing.T) {
	t.Parallel()
	plain := sample.PNG(sample.Scene("现场", 64, 48))
	texted := slices.Concat(plain[:33], chunk("tEXt", "Author\x00某人"), chunk("eXIf", string(tiff())), plain[33:], []byte("GPS"))
	webp := append([]byte("RIFF\x00\x00\x00\x00WEBP"), "VP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x0f\x00\x00\x0f\x00\x00"...)
	webp = append(webp, "XMP \x0c\x00\x00\x00GPS 39.9042 EXIF"...)
	exif := append(tiff(), 0)[:len(tiff())/2*2]
	webp = append(binary.LittleEndian.AppendUint32(webp, uint32(len(exif))), exif...)
	binary.LittleEndian.PutUint32(webp[4:], uint32(len(webp)-8))
	film := []byte(box("ftyp", "mp42") + box("moov", box("mvhd", "1234")+box("trak", box("tkhd", "5678")+box("udta", "GPS"))+
		box("udta", "\xa9xyz+39.9042")+box("meta", "Samsung")) + box("mdat", "frames") + box("uuid", "SERIAL"))
	for name, tt := range map[string]struct {
		kind    string
		content []byte
		picture bool
	}{
		"photo": {"image/jpeg", photo(t), true}, "screenshot": {"image/png", texted, true},
		"webp": {"image/webp", webp, false}, "film": {"video/mp4", film, false},
	} {
		for _, p := range private[:2] {
			if !bytes.Contains(tt.content, []byte(p)) && name != "screenshot" {
				t.Fatalf("%s: the original has no %s: this test tests nothing", name, p)
			}
		}
		clean, err := files.Cleaned(tt.content, tt.kind)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, p := range private {
			if bytes.Contains(clean, []byte(p)) {
				t.Errorf("%s: the copy still says %s", name, p)
			}
		}
		if tt.picture {
			was, _, _ := image.Decode(bytes.NewReader(tt.content))
			is, _, err := image.Decode(bytes.NewReader(clean))
			if err != nil || !reflect.DeepEqual(was, is) {
				t.Errorf("%s: the copy looks otherwise, or cannot be read: %v", name, err)
			}
		}
		r, err := files.Clean(bytes.NewReader(tt.content), int64(len(tt.content)), tt.kind)
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(r, clean); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	again, err := files.Cleaned(film, "video/mp4")
	if err != nil || len(again) != len(film) || !strings.Contains(string(again), "frames") {
		t.Errorf("the film became %q, %v", again, err)
	}
}

// TestCleanKeepsTheWayUp: a photo taken upright is shown upright.
func TestCleanKeepsTheWayUp(t *testing.T) {
	t.Parallel()
	clean, err := files.Cleaned(photo(t), "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]any{}
	_, err = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(clean), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF | imagemeta.XMP | imagemeta.IPTC,
		HandleTag: func(tag imagemeta.TagInfo) error { tags[tag.Tag] = tag.Value; return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"Orientation": uint16(6)}, tags); diff != "" {
		t.Errorf("tags of the copy (-want +got):\n%s", diff)
	}
}

// TestCleanRefuses what it cannot clean, and lets pass what no camera made.
func TestCleanRefuses(t *testing.T) {
	t.Parallel()
	whole := photo(t)
	for name, tt := range map[string]struct {
		kind    string
		content []byte
	}{
		"heic": {"image/heic", []byte("….")}, "tiff": {"image/tiff", tiff()}, "cut photo": {"image/jpeg", whole[:len(whole)/2]},
		"no photo": {"image/jpeg", []byte("GIF89a")}, "cut picture": {"image/png", sample.PNG(sample.Scene("x", 8, 8))[:40]},
		"a box too long": {"video/mp4", []byte("\xff\xff\xff\xffmoovx")}, "webp too long": {"image/webp", []byte("RIFF\xff\xff\x00\x00WEBP")},
	} {
		if _, err := files.Cleaned(tt.content, tt.kind); inspection.CodeOf(err) != "original-only" {
			t.Errorf("%s: %v, want original-only", name, err)
		}
	}
	if got, err := files.Cleaned([]byte("%PDF GPS"), "application/pdf"); err != nil || string(got) != "%PDF GPS" {
		t.Errorf("a PDF became %q, %v", got, err)
	}
}

func FuzzClean(f *testing.F) {
	f.Add(photo(f), 0)
	f.Add(sample.PNG(sample.Scene("x", 8, 8)), 1)
	f.Add([]byte("RIFF\x0c\x00\x00\x00WEBPEXIF\x00\x00\x00\x00"), 2)
	f.Add([]byte(box("moov", box("udta", "x"))), 3)
	kinds := []string{"image/jpeg", "image/png", "image/webp", "video/mp4"}
	f.Fuzz(func(t *testing.T, content []byte, kind int) {
		clean, err := files.Cleaned(content, kinds[(kind%4+4)%4])
		if err != nil && inspection.KindOf(err) == inspection.Internal {
			t.Fatalf("%v has no kind", err)
		}
		if err == nil && len(clean) > len(content) {
			t.Fatalf("%d bytes became %d", len(content), len(clean))
		}
	})
}
