package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Matter is work that needs a person: it waits longer than was promised, or
// nobody will try it again.
type Matter struct {
	What   string    // kind of the job, or the name of its scan; 邮件 for mail
	Office string    // whose work it is; empty for what concerns all
	Job    int64     // its number in the queue; 0 for mail
	Since  time.Time // when it was put in, or given up
	Count  int       // how many of this office and kind
	Tries  int
	Late   bool   // waits longer than promised; else given up
	Reason string // what the last attempt said, without its stack
}

const (
	// watched is how many jobs of each sort a look takes.
	watched = 200
	// promised is how long work may wait before somebody is told, unless its kind
	// promises more.
	promised = 5 * time.Minute
	// stuckTries is how often a job may come to no end before it is given up.
	stuckTries = 2
)

// Waiting lists what waits longer than promised and what was given up in the last
// week, the oldest first; of one office and kind the oldest stands for all.
func (c *Client) Waiting(ctx context.Context) ([]Matter, error) {
	open, err := c.river.JobList(ctx, river.NewJobListParams().First(watched).OrderBy(river.JobListOrderByID, river.SortOrderAsc).
		States(rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateScheduled, rivertype.JobStateRunning))
	if err != nil {
		return nil, fmt.Errorf("look for jobs that wait: %w", err)
	}
	ended, err := c.river.JobList(ctx, river.NewJobListParams().First(watched).OrderBy(river.JobListOrderByFinalizedAt, river.SortOrderDesc).
		States(rivertype.JobStateDiscarded, rivertype.JobStateCancelled))
	if err != nil {
		return nil, fmt.Errorf("look for jobs that were given up: %w", err)
	}
	var all []Matter
	now := time.Now()
	for _, job := range open.Jobs {
		if now.Sub(job.CreatedAt) > c.promise(job.Kind) {
			all = append(all, matter(job, true))
		}
	}
	for _, job := range ended.Jobs {
		all = append(all, matter(job, false))
	}
	return gathered(all), nil
}

// promise is how long a job of a kind may wait.
func (c *Client) promise(kind string) time.Duration { return or(c.promises[kind], promised) }

func matter(job *rivertype.JobRow, late bool) Matter {
	var about struct{ Office, Name string }
	_ = json.Unmarshal(job.EncodedArgs, &about) // what cannot be read is shown without its office
	m := Matter{
		What: cmp.Or(about.Name, job.Kind), Office: about.Office, Job: job.ID, Since: job.CreatedAt, Count: 1, Tries: job.Attempt, Late: late,
	}
	if job.FinalizedAt != nil {
		m.Since = *job.FinalizedAt
	}
	if n := len(job.Errors); n > 0 {
		m.Reason, _, _ = strings.Cut(job.Errors[n-1].Error, "\n")
	}
	return m
}

// gathered puts matters of one office, kind and sort together, the oldest first.
func gathered(all []Matter) []Matter {
	type sort struct {
		what, office string
		late         bool
	}
	at := map[sort]int{}
	var few []Matter
	slices.SortStableFunc(all, func(a, b Matter) int { return a.Since.Compare(b.Since) })
	for _, m := range all {
		key := sort{m.What, m.Office, m.Late}
		i, known := at[key]
		if !known {
			at[key], few = len(few), append(few, m)
			continue
		}
		few[i].Count += m.Count
	}
	return few
}

// LateMail lists the offices whose mail waits longer than promised.
func LateMail(ctx context.Context, db *tenants.DB, outbox *rectification.Outbox) ([]Matter, error) {
	offices, err := db.All(ctx)
	if err != nil {
		return nil, err
	}
	var all []Matter
	for _, office := range offices {
		n, since, err := outbox.Late(ctx, tenants.ForJob(office, "watch"), promised)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			all = append(all, Matter{What: "邮件", Office: office.Slug, Since: since, Count: n, Late: true, Reason: "邮件服务器没有接收"})
		}
	}
	return all, nil
}

// stuck ends a job that came to no end before, and may not hold up a worker again.
func stuck(job *rivertype.JobRow) error {
	n := 0
	for _, e := range job.Errors {
		if strings.HasPrefix(e.Error, "Stuck job rescued") {
			n++
		}
	}
	if n < stuckTries {
		return nil
	}
	return river.JobCancel(fmt.Errorf("gave up: %d attempts came to no end", n))
}

// slots is how many workers of a process may be stuck before their places are not
// made up for.
const slots = 8

// makeUp gives the queue another worker for one that is stuck: a job that never ends
// keeps its own place and no other.
func (d Deps) makeUp(ctx context.Context, p river.JobStuckHandlerParams) river.JobStuckHandlerResult {
	d.Log.ErrorContext(ctx, "a job does not end; restart the process when it is convenient", slog.Int("stuck", p.TotalStuckJobs))
	return river.JobStuckHandlerResult{AddWorkerSlot: p.TotalStuckJobs <= slots}
}
