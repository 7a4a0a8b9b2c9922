package files

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

// Layout of a compound file (MS-CFB), as far as its directory is concerned.
const (
	entrySize  = 128
	maxSectors = 64      // of the directory that are read: 256 entries or more
	headFAT    = 109     // sectors of the allocation table that the header names
	noSector   = 1 << 31 // larger numbers are marks
)

// streams are the names by which the document in a compound file is known. WPS
// writes the same ones.
var streams = []struct {
	name, kind string
	encrypted  bool
}{
	{"WordDocument", "application/msword", false},
	{"Workbook", "application/vnd.ms-excel", false},
	{"Book", "application/vnd.ms-excel", false},
	{"PowerPoint Document", "application/vnd.ms-powerpoint", false},
	// An Office document under a password. Which one cannot be seen.
	{"EncryptedPackage", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", true},
}

// compound looks at the container of older Office and of WPS: its directory says
// whose document it is.
func compound(r io.ReaderAt, head []byte) (Look, error) {
	names, err := directory(r, head)
	if err != nil {
		return Look{}, errBroken
	}
	for _, s := range streams {
		if _, ok := names[s.name]; ok {
			k, _ := kindOf(s.kind)
			if s.encrypted {
				k.Exts = []string{".docx", ".xlsx", ".pptx"}
			}
			return Look{Kind: k, Encrypted: s.encrypted}, nil
		}
	}
	return Look{}, errKind
}

// directory lists the names of the streams. It follows the directory's chain of
// sectors as far as the allocation table in the header goes.
func directory(r io.ReaderAt, head []byte) (map[string]struct{}, error) {
	if len(head) < 512 {
		return nil, io.ErrUnexpectedEOF
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return nil, io.ErrUnexpectedEOF
	}
	size := 1 << shift
	sector := make([]byte, size)
	names := map[string]struct{}{}
	at := binary.LittleEndian.Uint32(head[48:])
	for n := 0; n < maxSectors && at < noSector; n++ {
		if _, err := r.ReadAt(sector, (int64(at)+1)<<shift); err != nil {
			return nil, err
		}
		for e := sector; len(e) >= entrySize; e = e[entrySize:] {
			names[streamName(e)] = struct{}{}
		}
		next, err := following(r, head, at, size, int64(shift))
		if err != nil {
			return nil, err
		}
		at = next
	}
	return names, nil
}

// following looks up the sector behind at in the allocation table.
func following(r io.ReaderAt, head []byte, at uint32, size int, shift int64) (uint32, error) {
	table := int(at) / (size / 4)
	if table >= headFAT {
		return noSector, nil
	}
	fat := binary.LittleEndian.Uint32(head[76+4*table:])
	if fat >= noSector {
		return noSector, nil
	}
	var b [4]byte
	if _, err := r.ReadAt(b[:], (int64(fat)+1)<<shift+4*(int64(at)%int64(size/4))); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

func streamName(entry []byte) string {
	n := int(binary.LittleEndian.Uint16(entry[64:]))/2 - 1
	if n < 0 || n > 31 {
		return ""
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return strings.TrimRight(string(utf16.Decode(units)), "\x00")
}
