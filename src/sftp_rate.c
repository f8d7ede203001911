#include "sftp_rate.h"

int
sftp_rate_wait(struct sftp_rate *r)
{
	struct timespec now;
	double allowed, ahead, rate = (double)r->rate;

	if (r->rate == 0 || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	if (r->began.tv_sec == 0 && r->began.tv_nsec == 0)
		r->began = now;
	allowed = rate * ((double)(now.tv_sec - r->began.tv_sec) +
	    (double)(now.tv_nsec - r->began.tv_nsec) / 1e9);
	ahead = (double)r->taken - allowed;
	if (ahead < -rate / 4)
		r->taken = (uint64_t)(allowed - rate / 4);
	if (ahead <= 0)
		return 0;
	return ahead / rate > 60 ? 60000 : (int)(ahead / rate * 1000) + 1;
}

uint32_t
sftp_rate_most(const struct sftp_rate *r, uint32_t n)
{
	uint64_t most = r->rate / 16 < 1024 ? 1024 : r->rate / 16;

	return r->rate > 0 && most < n ? (uint32_t)most : n;
}
