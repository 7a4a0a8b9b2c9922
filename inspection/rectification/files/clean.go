package files

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"xuncha/inspection"
)

// ErrOriginal says that a file is only to be had as it was handed in: what a camera
// wrote into it cannot be taken out.
var ErrOriginal = inspection.Errorf(inspection.Forbidden, "original-only",
	"这种照片或视频可能含有拍摄地点，原件只提供给本单位、巡察机构和纪检监察机构。请联系巡察办查看，或请单位另存为 JPG 后上传。")

// Clean returns what r gives without what a camera or a phone wrote into it: the
// place, the owner, the device, smaller pictures and whatever stands behind the
// picture's end. What is seen stays as it is, bit for bit, and so does the way up.
// Kinds into which no camera writes are returned as they are; of those that cannot
// be cleaned, and of broken ones, the error is [ErrOriginal].
func Clean(r io.ReadSeeker, size int64, mediaType string) (io.ReadSeeker, error) {
	c := &cleaning{r: r, size: size, end: size}
	var err error
	switch mediaType {
	case "image/jpeg":
		err = c.jpeg()
	case "image/png":
		err = c.png()
	case "image/webp":
		err = c.webp()
	case "video/mp4":
		err = c.boxes(0, size, 0)
	case "image/tiff", "image/heic", "image/heif":
		err = ErrOriginal
	default:
		return r, nil
	}
	if err != nil {
		if inspection.KindOf(err) == inspection.Internal && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errShape)) {
			err = ErrOriginal
		}
		return nil, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return &cleaned{r: r, end: c.end, patches: c.patches}, nil
}

// Copied is a clean copy with the file behind it.
type Copied struct {
	io.ReadSeeker
	io.Closer
}

// Cleaned is [Clean] for a picture in memory.
func Cleaned(b []byte, mediaType string) ([]byte, error) {
	r, err := Clean(bytes.NewReader(b), int64(len(b)), mediaType)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Original reports whether a file of this kind can carry more than what is seen:
// then its clean copy is another file.
func Original(mediaType string) bool {
	return slices.Contains([]string{
		"image/jpeg", "image/png", "image/webp", "video/mp4", "image/tiff", "image/heic", "image/heif",
	}, mediaType)
}

var errShape = errors.New("not what it says it is")

// patch replaces n bytes: by what it has, and zeros.
type patch struct {
	at, n int64
	by    []byte
}

// cleaned reads a file with its patches, up to its new end.
type cleaned struct {
	r       io.ReadSeeker
	at, end int64
	patches []patch
}

// Read reads what is left of the file.
func (c *cleaned) Read(b []byte) (int, error) {
	if c.at >= c.end {
		return 0, io.EOF
	}
	n, err := c.r.Read(b[:min(int64(len(b)), c.end-c.at)])
	for _, p := range c.patches {
		from, to := max(p.at, c.at), min(p.at+p.n, c.at+int64(n))
		for i := from; i < to; i++ {
			if k := i - p.at; k < int64(len(p.by)) {
				b[i-c.at] = p.by[k]
			} else {
				b[i-c.at] = 0
			}
		}
	}
	c.at += int64(n)
	return n, err
}

// Seek sets where to read on.
func (c *cleaned) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.end
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	if _, err := c.r.Seek(min(offset, c.end), io.SeekStart); err != nil {
		return 0, err
	}
	c.at = offset
	return offset, nil
}

// cleaning is a file being looked through.
type cleaning struct {
	r       io.ReadSeeker
	size    int64
	end     int64
	patches []patch
}

// bytes reads n bytes at a place.
func (c *cleaning) bytes(at int64, n int) ([]byte, error) {
	if at < 0 || at+int64(n) > c.size {
		return nil, io.ErrUnexpectedEOF
	}
	if _, err := c.r.Seek(at, io.SeekStart); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	_, err := io.ReadFull(c.r, b)
	return b, err
}

func (c *cleaning) blank(at, n int64, by ...byte) {
	c.patches = append(c.patches, patch{at, n, by})
}

// maxExif is how many bytes of an EXIF block are looked at for the way up.
const maxExif = 64 << 10

// exif leaves of an EXIF block no more than the way up. prefix is what stands before
// its TIFF header.
func (c *cleaning) exif(at, n int64, prefix string) error {
	b, err := c.bytes(at, int(min(n, maxExif)))
	if err != nil {
		return err
	}
	least := append([]byte(prefix), "MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"...)
	least = append(least, 0, orientation(bytes.TrimPrefix(b, []byte(prefix))), 0, 0, 0, 0, 0, 0)
	if int64(len(least)) > n {
		least = nil
	}
	c.blank(at, n, least...)
	return nil
}

// orientation reads the way up (tag 274, 1 to 8) of a TIFF header's first directory.
func orientation(b []byte) byte {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return 1
	}
	for n, e := order.Uint16(b[at:]), b[at+2:]; n > 0 && len(e) >= 12; n, e = n-1, e[12:] {
		if v := order.Uint16(e[8:]); order.Uint16(e) == 0x0112 && v >= 1 && v <= 8 {
			return byte(v)
		}
	}
	return 1
}
