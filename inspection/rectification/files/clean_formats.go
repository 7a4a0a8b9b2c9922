package files

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
)

// jpeg keeps what a decoder needs (ITU-T T.81, annex B): frames, tables, scans, the
// header JFIF, colours (ICC, Adobe). All other application data and comments are
// blanked, and what stands behind the end of the picture is cut off: phones put
// second pictures and films there.
func (c *cleaning) jpeg() error {
	if b, err := c.bytes(0, 2); err != nil || b[0] != 0xff || b[1] != 0xd8 {
		return errShape
	}
	for at := int64(2); ; {
		b, err := c.bytes(at, 2)
		if err != nil {
			return err
		}
		if b[0] != 0xff {
			return errShape
		}
		switch m := b[1]; {
		case m == 0xff: // fill
			at++
			continue
		case m == 0xd9:
			c.end = at + 2
			return nil
		case m == 0x01 || m >= 0xd0 && m <= 0xd8:
			at += 2
			continue
		}
		length, err := c.bytes(at+2, 2)
		if err != nil {
			return err
		}
		n := int64(binary.BigEndian.Uint16(length))
		if n < 2 || at+2+n > c.size {
			return errShape
		}
		if err := c.segment(b[1], at+4, n-2); err != nil {
			return err
		}
		if at += 2 + n; b[1] == 0xda {
			if at, err = c.scan(at); err != nil {
				return err
			}
		}
	}
}

func (c *cleaning) segment(marker byte, at, n int64) error {
	head, err := c.bytes(at, int(min(n, 12)))
	if err != nil {
		return err
	}
	switch {
	case marker == 0xe1 && bytes.HasPrefix(head, []byte("Exif\x00\x00")):
		return c.exif(at, n, "Exif\x00\x00")
	case marker == 0xe0 && bytes.HasPrefix(head, []byte("JFIF\x00")),
		marker == 0xe2 && bytes.HasPrefix(head, []byte("ICC_PROFILE\x00")),
		marker == 0xee && bytes.HasPrefix(head, []byte("Adobe")):
	case marker >= 0xe0 && marker <= 0xef, marker == 0xfe:
		c.blank(at, n)
	}
	return nil
}

// scan passes over a scan's data and returns where the next marker stands.
func (c *cleaning) scan(at int64) (int64, error) {
	if _, err := c.r.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	r := bufio.NewReaderSize(c.r, 64<<10)
	for {
		skipped, err := r.ReadSlice(0xff)
		at += int64(len(skipped))
		if err == bufio.ErrBufferFull { //nolint:errorlint // ReadSlice returns it as it is
			continue
		}
		if err != nil {
			return 0, err
		}
		m, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if m == 0xff {
			if err := r.UnreadByte(); err != nil {
				return 0, err
			}
			continue
		}
		if m != 0 && (m < 0xd0 || m > 0xd7) {
			return at - 1, nil
		}
		at++
	}
}

// pngKept are the chunks that a decoder needs, and those of colour, size and motion.
var pngKept = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "acTL", "fcTL", "fdAT",
}

// png blanks all other chunks under a name that no decoder knows, and cuts off what
// stands behind the last.
func (c *cleaning) png() error {
	for at := int64(8); ; {
		head, err := c.bytes(at, 8)
		if err != nil {
			return err
		}
		n, kind := int64(binary.BigEndian.Uint32(head)), string(head[4:])
		next := at + 12 + n
		if next > c.size {
			return errShape
		}
		switch {
		case kind == "IEND":
			c.end = next
			return nil
		case !slices.Contains(pngKept, kind):
			c.blank(at+4, n+4, []byte("xcLn")...)
			sum := crc32.ChecksumIEEE([]byte("xcLn"))
			for left, zeros := n, make([]byte, 4096); left > 0; left -= int64(len(zeros)) {
				zeros = zeros[:min(left, int64(len(zeros)))]
				sum = crc32.Update(sum, crc32.IEEETable, zeros)
			}
			c.blank(at+8+n, 4, binary.BigEndian.AppendUint32(nil, sum)...)
		}
		at = next
	}
}

// webpKept are the chunks that a decoder needs, of colour and of motion.
var webpKept = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}

// webp blanks all other chunks in their places.
func (c *cleaning) webp() error {
	head, err := c.bytes(0, 12)
	if err != nil {
		return err
	}
	if c.end = int64(binary.LittleEndian.Uint32(head[4:])) + 8; c.end > c.size {
		return errShape
	}
	for at := int64(12); at+8 <= c.end; {
		head, err := c.bytes(at, 8)
		if err != nil {
			return err
		}
		n, kind := int64(binary.LittleEndian.Uint32(head[4:])), string(head[:4])
		if at+8+n > c.end {
			return errShape
		}
		switch {
		case kind == "EXIF":
			err = c.exif(at+8, n, "")
		case !slices.Contains(webpKept, kind):
			c.blank(at+8, n)
		}
		if err != nil {
			return err
		}
		at += 8 + n + n%2
	}
	return nil
}

// boxes looks through the boxes of a film between two places (ISO/IEC 14496-12).
// Those in which phones write the place become free space, in the film's head and
// in its tracks, too: depth is how many boxes it stands in.
func (c *cleaning) boxes(at, end int64, depth int) error {
	for at+8 <= end {
		head, err := c.bytes(at, 8)
		if err != nil {
			return err
		}
		n, header := int64(binary.BigEndian.Uint32(head)), int64(8)
		switch n {
		case 0:
			n = end - at
		case 1:
			long, err := c.bytes(at+8, 8)
			if err != nil {
				return err
			}
			n, header = int64(binary.BigEndian.Uint64(long)), 16 //nolint:gosec // checked below
		}
		if n < header || n > end-at {
			return errShape
		}
		switch string(head[4:]) {
		case "moov", "trak":
			if depth < 2 {
				err = c.boxes(at+header, at+n, depth+1)
			}
		case "udta", "meta", "uuid":
			c.blank(at+4, 4, []byte("free")...)
			c.blank(at+header, n-header)
		}
		if err != nil {
			return err
		}
		at += n
	}
	return nil
}
