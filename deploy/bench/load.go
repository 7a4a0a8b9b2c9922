package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// load sends requests to one side.
type load struct {
	url  string
	keys []key
}

// measurement is one question, asked of both sides in turns.
type measurement struct {
	name string
	want string // the bar
	// request makes the n-th request. No n comes twice: a state changes once.
	request func(l *load, n int) (method, path string)
	write   bool
}

var listOpen = measurement{
	name: "list of 50 open findings by due date", want: "≥ 0.6",
	request: func(l *load, n int) (string, string) {
		return http.MethodGet, "items?state=open,working,submitted,returned,long-term&sort=due&limit=50"
	},
}

var oneFinding = measurement{
	name: "one finding with its measures", want: "≥ 0.5",
	request: func(l *load, n int) (string, string) {
		return http.MethodGet, "items/" + l.keys[n%len(l.keys)].Findings[n/len(l.keys)%findings]
	},
}

var changeState = measurement{
	name: "state change with journal", want: "≥ 0.5", write: true,
	request: func(l *load, n int) (string, string) {
		open := l.keys[n%len(l.keys)].Open
		return http.MethodPost, "items/" + open[n/len(l.keys)%len(open)] + "/start"
	},
}

// warmUp is how many turns each side has before it counts: connections are made
// and statements planned once in a service's life.
const warmUp = 4

// run asks both sides in turns and compares the rates.
func (m measurement) run(ctx context.Context, o Options, ours, bare *load) (Row, error) {
	if !m.write {
		if err := m.same(ctx, ours, bare); err != nil {
			return Row{}, err
		}
	}
	var next atomic.Int64 // of both sides: what one wrote, the other cannot
	var done [2]int64
	var spent [2]time.Duration
	for turn := range o.Turns + warmUp {
		for side, l := range []*load{ours, bare} {
			n, took, err := m.turn(ctx, o, l, &next)
			if err != nil {
				return Row{}, fmt.Errorf("%s: %w", [2]string{"ours", "bare"}[side], err)
			}
			if turn >= warmUp {
				done[side] += n
				spent[side] += took
			}
		}
	}
	rate := func(side int) float64 { return float64(done[side]) / spent[side].Seconds() }
	return Row{Name: m.name, Unit: "requests/s", Ours: rate(0), Bare: rate(1), Ratio: rate(0) / rate(1), Want: m.want}, nil
}

// turn asks one side for a while over all connections.
func (m measurement) turn(ctx context.Context, o Options, l *load, next *atomic.Int64) (n int64, took time.Duration, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: o.Connections}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	var done atomic.Int64
	started := time.Now()
	for range o.Connections {
		wg.Go(func() {
			for time.Since(started) < o.Turn && ctx.Err() == nil {
				i := int(next.Add(1))
				if _, err := m.ask(ctx, client, l, i); err != nil {
					cancel(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return 0, 0, err
	}
	return done.Load(), time.Since(started), nil
}

// ask sends the n-th request and returns the answer.
func (m measurement) ask(ctx context.Context, client *http.Client, l *load, n int) ([]byte, error) {
	method, path := m.request(l, n)
	k := l.keys[n%len(l.keys)]
	var body io.Reader
	req, err := http.NewRequestWithContext(ctx, method, l.url+"/v1/offices/"+k.Office+"/"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+k.Token)
	req.Header.Set("Bare-Tenant", strconv.Itoa(k.ID))
	req.Header.Set("If-Match", `"1"`)
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s = %d %s", method, path, resp.StatusCode, bytes.TrimSpace(b))
	}
	return b, nil
}

// same makes sure that both sides answer alike: the same findings in the same
// order with the same measures.
func (m measurement) same(ctx context.Context, ours, bare *load) error {
	for n := range 20 {
		var facts [2]any
		for side, l := range []*load{ours, bare} {
			b, err := m.ask(ctx, http.DefaultClient, l, n*37)
			if err != nil {
				return err
			}
			if facts[side], err = gist(b); err != nil {
				return err
			}
		}
		if !reflect.DeepEqual(facts[0], facts[1]) {
			return fmt.Errorf("the sides differ: %v and %v", facts[0], facts[1])
		}
	}
	return nil
}

// gist is what both sides must agree on.
func gist(b []byte) (any, error) {
	type item struct {
		Number, State, Text string
		Measures            []struct{ ID, Text string }
	}
	var page struct {
		item
		Items []item
		Total int
	}
	if err := json.Unmarshal(b, &page); err != nil {
		return nil, err
	}
	if len(page.Items) == 0 && page.Number == "" {
		return nil, fmt.Errorf("an empty answer: %.100s", b)
	}
	return page, nil
}
