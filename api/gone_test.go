package api_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// dial sends a request by hand, so that the test can leave as it likes.
func (e *echoServer) dial(t *testing.T, path string) *net.TCPConn {
	t.Helper()
	addr := strings.TrimPrefix(e.url, "http://")
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(c, "GET /v1/offices/%s/%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer good\r\n\r\n", e.office, path, addr)
	if err != nil {
		t.Fatal(err)
	}
	return c.(*net.TCPConn)
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 500 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s: not within five seconds", what)
}

// TestSenderLeaves lets people go away before and during the answer (BI-051):
// nothing failed, so nothing is logged that would wake anybody.
func TestSenderLeaves(t *testing.T) {
	t.Parallel()
	for how, leave := range map[string]func(t *testing.T, c *net.TCPConn){
		"wait": func(*testing.T, *net.TCPConn) {},
		"big": func(t *testing.T, c *net.TCPConn) {
			if _, err := io.ReadFull(c, make([]byte, 100)); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			e := newEcho(t)
			c := e.dial(t, "fail?how="+how)
			eventually(t, "the operation runs", func() bool { return e.calls.Load() == 1 })
			leave(t, c)
			_ = c.SetLinger(0) // a reset: the next write fails
			_ = c.Close()
			eventually(t, "the leaving is noted", func() bool { return strings.Contains(e.log.String(), "the sender went away") })
			time.Sleep(300 * time.Millisecond) // for what must not come
			if log := e.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
				t.Errorf("the log is alarmed: %s", log)
			}
		})
	}
}

// TestOurDeadline is the control: that we gave up is an error, whoever waits.
func TestOurDeadline(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	status, answer, _ := e.send(t, "GET", "/v1/offices/{office}/fail?how=late", "")
	if status != 500 || !strings.Contains(answer, "internal") {
		t.Errorf("answer = %d %s", status, answer)
	}
	if log := e.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "canary-late") {
		t.Errorf("the log lacks our deadline: %s", log)
	}
}

// TestHalfAnAnswer: what fails after the answer began is cut off, not completed
// with something else.
func TestHalfAnAnswer(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	c := e.dial(t, "half")
	defer func() { _ = c.Close() }()
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	got, err := io.ReadAll(c)
	if err != nil || strings.Contains(string(got), "\r\n0\r\n") || strings.Contains(string(got), "problem") {
		t.Errorf("half an answer looks whole: %q, %v", got, err)
	}
	eventually(t, "the panic is logged", func() bool { return strings.Contains(e.log.String(), "canary-half") })
	if strings.Contains(e.log.String(), "superfluous") {
		t.Errorf("answered twice: %s", e.log.String())
	}
}
