{"format":1,"type":"timestamp","signatures":[{"keyid":"6afb2a8202a31923","sig":"TRbUcGErJwQ5GCNLjMsnwIuRnygxraGqCUme6Kg6YCTP2/qJdliXXdyW++51N4CDdiLiuXUDH3et/MZUbEW5AA=="}]}
