package jobs

import (
	"fmt"
	"log/slog"

	"riverqueue.com/riverui"
)

// Screens returns River's own screens of the queue, to be started. They show and
// change the jobs of all offices and ask nobody who they are: whoever serves them
// does.
func (c *Client) Screens(log *slog.Logger) (*riverui.Handler, error) {
	screens, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints:                riverui.NewEndpoints(c.river, nil),
		JobListHideArgsByDefault: true,
		Logger:                   log,
	})
	if err != nil {
		return nil, fmt.Errorf("job screens: %w", err)
	}
	return screens, nil
}
