package signon_test

import (
	"net/http"
	"testing"

	"xuncha/tenants"
)

// TestDevice looks at what the list of sessions says of a browser.
func TestDevice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	who := r.enrol(r.County[0][0], tenants.OFF, "sub-wen", "闻岚")
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36":             "Chrome · Windows",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0":               "Edge · Windows",
		"Mozilla/5.0 (X11; Linux x86_64; Kylin) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/97.0.360.1 Safari/537.36 Qaxbrowser":    "奇安信浏览器 · 麒麟",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0 Mobile Safari/537.36 MicroMessenger/8.0": "微信 · Android",
		"<script>alert(1)</script>": "浏览器 · 其他系统",
	} {
		b := r.browser()
		b.Transport = agentSays(agent)
		b.signOn(who.sub)
		session, err := r.sessions.Read(t.Context(), b.session())
		if err != nil {
			t.Fatal(err)
		}
		list, err := r.sessions.List(t.Context(), session)
		if err != nil {
			t.Fatal(err)
		}
		for _, running := range list {
			if running.Current && running.Device != want {
				t.Errorf("%s is listed as %s, want %s", agent, running.Device, want)
			}
		}
	}
}

// agentSays sends requests as a certain browser.
type agentSays string

func (a agentSays) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("User-Agent", string(a))
	return http.DefaultTransport.RoundTrip(r)
}
