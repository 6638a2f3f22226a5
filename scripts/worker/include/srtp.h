/**
 * The names of libsrtp 3 that the worker uses, on top of libsrtp 2, which is what distributions have.
 *
 * The differences: a policy is an opaque object with setters, and protecting reads one buffer and writes
 * another (libsrtp 2 works in place, so the packet is copied first).
 */
#ifndef SFUMATO_SRTP_H
#define SFUMATO_SRTP_H

// Version 3 uses this name for a pointer. The struct of version 2 steps aside.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Error codes that version 2 does not have, with the values of version 3.
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

struct SrtpPolicy
{
	srtp2_policy_t policy{};
	/** Master key followed by its salt, as version 2 wants them. */
	uint8_t key[SRTP_MAX_KEY_LEN]{};
};

using srtp_policy_t = SrtpPolicy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) SrtpPolicy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (policy)
	{
		// A plain memset before delete may be optimised away, and this is a master key.
		volatile uint8_t* key = policy->key;

		for (size_t i = 0; i < sizeof(policy->key); ++i)
		{
			key[i] = 0;
		}
	}

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const auto err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

	return err ? err : srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
	if (mkiLen != 0 || keyLen > sizeof(policy->key) || saltLen > sizeof(policy->key) - keyLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->policy.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->policy.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
	policy->policy.window_size = static_cast<unsigned long>(size);

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, static_cast<const srtp2_policy_t*>(&policy->policy));
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace sfumato
{
	/** Copies `in` to `out` unless they are the same and lets `work` change it in place. */
	template<typename Work>
	inline srtp_err_status_t srtpInPlace(
	  const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t growth, Work work)
	{
		if (inLen > INT_MAX || *outLen < inLen || *outLen - inLen < growth)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memmove(out, in, inLen);
		}

		int len        = static_cast<int>(inLen);
		const auto err = work(out, &len);

		*outLen = static_cast<size_t>(len);

		return err;
	}
} // namespace sfumato

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return sfumato::srtpInPlace(rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN, [session](void* data, int* len) {
		return srtp_protect(session, data, len);
	});
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return sfumato::srtpInPlace(srtp, srtpLen, rtp, rtpLen, 0, [session](void* data, int* len) {
		return srtp_unprotect(session, data, len);
	});
}

// SRTCP adds its 4-byte index to what SRTP adds (RFC 3711 section 3.4).
inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return sfumato::srtpInPlace(
	  rtcp, rtcpLen, srtcp, srtcpLen, SRTP_MAX_TRAILER_LEN + 4, [session](void* data, int* len) {
		  return srtp_protect_rtcp(session, data, len);
	  });
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return sfumato::srtpInPlace(srtcp, srtcpLen, rtcp, rtcpLen, 0, [session](void* data, int* len) {
		return srtp_unprotect_rtcp(session, data, len);
	});
}

#endif
