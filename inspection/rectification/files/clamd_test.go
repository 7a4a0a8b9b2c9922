package files_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/inspection/rectification/files"
)

// eicar is the file that every scanner takes for a virus, and that is none.
var eicar = []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)

// daemon speaks INSTREAM as clamd does, and knows one virus. It takes most bytes.
func daemon(t *testing.T, most int) files.Clamd {
	t.Helper()
	c := files.Clamd{Network: "unix", Address: filepath.Join(t.TempDir(), "clamd.ctl")}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), c.Network, c.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_, _ = fmt.Fprintf(conn, "%s\x00", answered(conn, most))
			}()
		}
	}()
	return c
}

// answered reads one INSTREAM command and says what clamd says to it.
func answered(conn io.Reader, most int) string {
	r := bufio.NewReader(conn)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND"
	}
	var all bytes.Buffer
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return "INSTREAM: Can't read. ERROR"
		}
		if n == 0 {
			break
		}
		if _, err := io.CopyN(&all, r, int64(n)); err != nil {
			return "INSTREAM: Can't read. ERROR"
		}
		if all.Len() > most {
			return "INSTREAM size limit exceeded. ERROR"
		}
	}
	if bytes.Contains(all.Bytes(), eicar) {
		return "stream: Eicar-Test-Signature FOUND"
	}
	return "stream: OK"
}

// scans tries a scanner with what is clean, what is not, and what is long.
func scans(t *testing.T, c files.Clamd) {
	t.Helper()
	long := bytes.Repeat([]byte("整改佐证"), 100_000)
	for name, tt := range map[string]struct {
		content []byte
		found   string
	}{
		"nothing": {nil, ""}, "a text": {[]byte("整改情况"), ""}, "pieces": {long, ""}, "eicar": {eicar, "EICAR"},
	} {
		virus, err := c.Scan(t.Context(), bytes.NewReader(tt.content))
		if err != nil || (virus != "") != (tt.found != "") || !strings.Contains(strings.ToUpper(virus), tt.found) {
			t.Errorf("%s: found %q, %v; want %q", name, virus, err, tt.found)
		}
	}
}

// TestClamd speaks to a daemon: what it finds, what it refuses, and when it is down.
func TestClamd(t *testing.T) {
	t.Parallel()
	scans(t, daemon(t, 10<<20))
	if _, err := daemon(t, 1000).Scan(t.Context(), bytes.NewReader(make([]byte, 300_000))); !errors.Is(err, files.ErrScanSize) {
		t.Errorf("too large for it: %v", err)
	}
	down := files.Clamd{Network: "unix", Address: filepath.Join(t.TempDir(), "nobody.ctl")}
	if virus, err := down.Scan(t.Context(), bytes.NewReader(eicar)); err == nil || errors.Is(err, files.ErrScanSize) || virus != "" {
		t.Errorf("down: found %q, %v", virus, err)
	}
	mute, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := (files.Clamd{Network: "tcp", Address: mute.Addr().String()}).Scan(ctx, bytes.NewReader(eicar)); err == nil {
		t.Error("a daemon that says nothing found nothing")
	}
}

// TestRealClamd speaks to ClamAV's own daemon, where it is installed, with a signature
// made here: what stands in [daemon] is what it says.
func TestRealClamd(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("clamd")
	if err != nil {
		t.Skip("clamd is not installed; TestClamd speaks to one that is made here")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the daemon reads it
		t.Fatal(err)
	}
	c := files.Clamd{Network: "unix", Address: filepath.Join(dir, "clamd.ctl")}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("test.ndb", fmt.Sprintf("Eicar-Test:0:*:%x\n", eicar))
	write("clamd.conf", "Foreground yes\nLocalSocket "+c.Address+"\nDatabaseDirectory "+dir+"\nStreamMaxLength 2M\nExitOnOOM yes\nTemporaryDirectory "+dir+"\n")
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, program, "--config-file="+filepath.Join(dir, "clamd.conf")) //nolint:gosec // found above
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() })
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if _, err := c.Scan(t.Context(), strings.NewReader("?")); err == nil {
			break
		}
		if time.Since(began) > time.Minute {
			cancel()
			_ = cmd.Wait()
			t.Fatalf("clamd does not listen:\n%s", &out)
		}
	}
	scans(t, c)
	if _, err := c.Scan(t.Context(), bytes.NewReader(make([]byte, 8<<20))); !errors.Is(err, files.ErrScanSize) {
		t.Errorf("too large for it: %v", err)
	}
}
