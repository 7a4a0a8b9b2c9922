package files

import (
	"errors"
	"image"
	_ "image/gif"  // for the size of a picture
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	_ "golang.org/x/image/webp" // the same
	"golang.org/x/text/encoding/simplifiedchinese"

	"xuncha/inspection"
)

// MaxSize is how many bytes one file may have.
const MaxSize = 200 << 20

// maxPixels is how large a picture may say it is. Whoever shows it needs four
// bytes for each.
const maxPixels = 100_000_000

// Kind is a kind of file that may be handed in.
type Kind struct {
	Type   string   // media type
	Exts   []string // endings that it may have, its own first
	Inline bool     // browsers show it without running anything
}

var kinds = []Kind{
	{"application/pdf", []string{".pdf"}, false}, // a browser's viewer runs its script
	{"image/jpeg", []string{".jpg", ".jpeg"}, true},
	{"image/png", []string{".png"}, true},
	{"image/gif", []string{".gif"}, true},
	{"image/webp", []string{".webp"}, true},
	{"image/bmp", []string{".bmp"}, false},
	{"image/tiff", []string{".tif", ".tiff"}, false},
	{"image/heic", []string{".heic"}, false},
	{"image/heif", []string{".heif"}, false},
	{"video/mp4", []string{".mp4"}, true},
	{"application/ofd", []string{".ofd"}, false},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}, false},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}, false},
	{"application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}, false},
	{"application/msword", []string{".doc", ".wps"}, false},
	{"application/vnd.ms-excel", []string{".xls", ".et"}, false},
	{"application/vnd.ms-powerpoint", []string{".ppt", ".dps"}, false},
}

func kindOf(mediaType string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Type == mediaType })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}

// Inline reports whether a browser may show files of this media type itself.
func Inline(mediaType string) bool {
	k, _ := kindOf(mediaType)
	return k.Inline
}

// Named returns the name with the ending that the kind has, if it has another.
func (k Kind) Named(name string) string {
	_, ext := split(name)
	if slices.Contains(k.Exts, strings.ToLower(ext)) {
		return name
	}
	return name + k.Exts[0]
}

// Look is what a look at a file says.
type Look struct {
	Kind
	Encrypted bool // cannot be looked into (加密文件，无法检测)
	Active    bool // would act when somebody opens it: a PDF with script, programs or files inside
}

// ErrSecret says that a file carries a mark of a state secret. Nobody can let it in.
var ErrSecret = inspection.Errorf(inspection.Invalid, "state-secret",
	"文件带有密级标志。本系统不得存储、处理、传输国家秘密，文件已拒绝，请按保密规定处理。")

var (
	errKind   = inspection.Errorf(inspection.Invalid, "file-kind", "不支持此类文件。请上传 PDF、图片、Office、WPS、OFD 或 MP4。")
	errBroken = inspection.Errorf(inspection.Invalid, "file-broken", "文件已损坏，无法打开。请重新保存后上传。")
	errImage  = inspection.Errorf(inspection.Invalid, "image-too-large", "图片的像素过多。请缩小后上传。")
)

// Inspect says what a file is by its content. It refuses what may not be handed
// in: other kinds, broken files, pictures and archives past their limits, macros,
// and files that carry a mark of secrecy.
func Inspect(r io.ReaderAt, size int64, name string) (Look, error) {
	head := make([]byte, min(size, 64<<10))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return Look{}, err
	}
	if markedName(name) {
		return Look{}, ErrSecret
	}
	m := mimetype.Detect(head)
	switch {
	case descends(m, "application/zip"):
		return container(r, size)
	case descends(m, "application/x-ole-storage"):
		return compound(r, head)
	case descends(m, "text/plain"):
		return Look{}, textual(head)
	}
	k, known := kindOf(m.String())
	if !known {
		return Look{}, errKind
	}
	look := Look{Kind: k}
	switch k.Type {
	case "application/pdf":
		look.Active, look.Encrypted = actsPDF(r, size)
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return look, picture(io.NewSectionReader(r, 0, size))
	}
	return look, nil
}

func descends(m *mimetype.MIME, from string) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is(from) {
			return true
		}
	}
	return false
}

// textual refuses text: as secret, if it is marked so.
func textual(head []byte) error {
	text := string(head)
	if !utf8.Valid(head) {
		if b, err := simplifiedchinese.GB18030.NewDecoder().Bytes(head); err == nil {
			text = string(b)
		}
	}
	if marked(text) {
		return ErrSecret
	}
	return errKind
}

func picture(r io.Reader) error {
	cfg, _, err := image.DecodeConfig(r)
	if err != nil {
		return errBroken
	}
	if int64(cfg.Width)*int64(cfg.Height) > maxPixels {
		return errImage
	}
	return nil
}
