package bench

import (
	"bytes"
	"os"
	"runtime"
	"testing"
)

// TestOwnMegabytes reads our own status, from the kernel that runs us.
func TestOwnMegabytes(t *testing.T) {
	t.Parallel()
	own, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := megabytes(bytes.NewReader(own), "VmHWM"); got < 1 || err != nil {
		t.Errorf("this test's own VmHWM = %v MB, %v", got, err)
	}
}

// TestStrained sees what memory some work took, and nothing of what was taken
// before.
func TestStrained(t *testing.T) { // alone: the others' memory would count
	s, err := strained(os.Getpid(), func() error {
		held := bytes.Repeat([]byte("x"), 64<<20)
		runtime.KeepAlive(held)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.took <= 0 || s.most < s.more || s.most < 64 {
		t.Errorf("64 MB three times: %+v", s)
	}
}
