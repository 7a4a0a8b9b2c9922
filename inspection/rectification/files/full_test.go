package files_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"gocloud.dev/blob/fileblob"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
)

// roomFor is how many bytes the child's file system takes, or one file of it.
const roomFor = 1 << 20

// TestStorageFull fills a real file system (BI-121): a small one in memory, mounted in
// a namespace of its own, and one that takes no larger files, which any user can have.
// It runs in a process of its own, for the limit holds for all of it.
func TestStorageFull(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("XUNCHA_TEST_FILL"); dir != "" {
		fill(t, dir)
		return
	}
	for _, how := range []string{"limit", "tmpfs"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestStorageFull$", "-test.v") //nolint:gosec // this test itself
			cmd.Env = append(os.Environ(), "XUNCHA_TEST_FILL="+t.TempDir(), "XUNCHA_TEST_FILL_BY="+how)
			if how == "tmpfs" {
				cmd.SysProcAttr = &syscall.SysProcAttr{
					Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
					UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
					GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
				}
			}
			out, err := cmd.CombinedOutput()
			if how == "tmpfs" && (errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || bytes.Contains(out, []byte("no mount"))) {
				t.Skipf("no file system of its own to be had here; the limit was tried: %v", err)
			}
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// fill sends parts until there is no room, and puts together what there is no room for.
func fill(t *testing.T, dir string) {
	t.Helper()
	if os.Getenv("XUNCHA_TEST_FILL_BY") == "tmpfs" {
		if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%d", roomFor)); err != nil {
			t.Fatalf("no mount: %v", err)
		}
	} else if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: roomFor, Max: roomFor}); err != nil {
		t.Fatal(err)
	}
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		t.Fatal(err)
	}
	s := files.NewStore(bucket)
	full := func(what string, err error) {
		t.Helper()
		if inspection.KindOf(err) != inspection.Full || inspection.CodeOf(err) != "storage-full" {
			t.Errorf("%s: %v, want storage-full", what, err)
		}
	}
	piece := bytes.Repeat([]byte("整改佐证"), roomFor*6/10/12)
	first, err := s.Append(t.Context(), "o/u", bytes.NewReader(piece), files.MaxChunk, fresh(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Append(t.Context(), "o/u", io.MultiReader(bytes.NewReader(piece), bytes.NewReader(piece)), files.MaxChunk, fresh(t))
	full("a part", err)
	whole := append(bytes.Clone(piece), piece...)
	sum := sha256.Sum256(whole)
	full("the whole", s.Assemble(t.Context(), []files.Part{first, first}, "o/e", sum[:]))
	left := inside(t, dir)
	if len(left) != 1 || filepath.Base(left[0]) != filepath.Base(first.Key) {
		t.Errorf("left behind: %v, want what came before alone", left)
	}
	if err := s.Delete(t.Context(), first.Key); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(t.Context(), "o/u", bytes.NewReader(piece), files.MaxChunk, fresh(t)); err != nil {
		t.Errorf("there is room again: %v", err)
	}
}
