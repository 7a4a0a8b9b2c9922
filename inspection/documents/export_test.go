package documents

// SetMost makes files shorter than maxRows, for tests.
func (s *Service) SetMost(rows int) { s.most = rows }
