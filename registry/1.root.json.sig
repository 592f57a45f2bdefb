{"format":1,"type":"root","signatures":[{"keyid":"6afb2a8202a31923","sig":"kheSBsxHeBzGkKwjc8Muv7+OWd6dJnTX3jgjwrqzr44fNUu9lwEdSFjyYJ967a239XA+7Mt5Gz2bjhdxSDV/BQ=="}]}
