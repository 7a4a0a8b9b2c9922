package files

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Limits of asking the scanner.
const (
	clamdConnects = 3 * time.Second
	clamdTakes    = 2 * time.Minute // for one file, all in all
	clamdPiece    = 64 << 10
	clamdAnswer   = 4 << 10
)

// ErrScanSize says that a file is larger than the scanner takes (StreamMaxLength of
// clamd.conf): asking again would end the same.
var ErrScanSize = errors.New("the file is larger than the scanner takes")

// Clamd is a ClamAV daemon that listens on a socket: its INSTREAM command takes a
// file in pieces and answers with what it found (clamd(8)).
type Clamd struct {
	Network string // unix or tcp
	Address string // a socket's path, or host:port
}

// Scan sends what r gives and returns the name of what was found in it; empty for
// nothing. An error says that nothing is known: the scanner is down, or it could not
// look ([ErrScanSize]).
func (c Clamd) Scan(ctx context.Context, r io.Reader) (virus string, err error) {
	ctx, cancel := context.WithTimeout(ctx, clamdTakes)
	defer cancel()
	conn, err := (&net.Dialer{Timeout: clamdConnects}).DialContext(ctx, c.Network, c.Address)
	if err != nil {
		return "", fmt.Errorf("clamd: %w", err)
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	defer stop()
	sending := stream(conn, r)
	// It answers and hangs up before the end of a file that is too large: the answer
	// says more than the broken pipe.
	line, err := bufio.NewReader(io.LimitReader(conn, clamdAnswer)).ReadString(0)
	if err != nil {
		return "", fmt.Errorf("clamd: %w", errors.Join(sending, err))
	}
	return verdict(strings.TrimRight(line, "\x00\n"))
}

// stream sends a file as INSTREAM wants it: each piece behind its length, and an
// empty one at the end.
func stream(w io.Writer, r io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	piece := make([]byte, 4+clamdPiece)
	for {
		n, err := io.ReadFull(r, piece[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(piece, uint32(n)) //nolint:gosec // at most clamdPiece
			if _, err := w.Write(piece[:4+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			_, err := w.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}

// verdict reads an answer: "stream: OK", "stream: Eicar-Signature FOUND", or what
// went wrong.
func verdict(line string) (virus string, err error) {
	said := strings.TrimPrefix(line, "stream: ")
	switch {
	case said == "OK":
		return "", nil
	case strings.HasSuffix(said, " FOUND"):
		return strings.TrimSuffix(said, " FOUND"), nil
	case strings.Contains(said, "size limit exceeded"):
		return "", ErrScanSize
	}
	return "", fmt.Errorf("clamd: %s", said)
}
