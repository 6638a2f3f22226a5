"""A WHIP publisher and a WHEP viewer on aiortc. Prints a line of JSON at the end: what was received."""

import asyncio
import json
import os
import sys
import urllib.request

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack


def post(url, sdp, key):
    headers = {"Content-Type": "application/sdp"}
    if key:
        headers["Authorization"] = "Bearer " + key
    request = urllib.request.Request(url, sdp.encode(), headers, method="POST")
    with urllib.request.urlopen(request) as response:
        return response.read().decode()


async def connect(peer, url, key):
    await peer.setLocalDescription(await peer.createOffer())
    answer = await asyncio.to_thread(post, url, peer.localDescription.sdp, key)
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))


async def publish(url, key):
    peer = RTCPeerConnection()
    peer.addTrack(AudioStreamTrack())
    peer.addTrack(VideoStreamTrack())
    for transceiver in peer.getTransceivers():
        transceiver.direction = "sendonly"
    await connect(peer, url, key)
    # Until whoever started this closes our input.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await peer.close()


async def watch(url, frames):
    peer = RTCPeerConnection()
    peer.addTransceiver("audio", direction="recvonly")
    peer.addTransceiver("video", direction="recvonly")
    tracks = {}
    peer.on("track", lambda track: tracks.__setitem__(track.kind, track))
    await connect(peer, url, None)
    width = 0
    for _ in range(frames):
        width = (await asyncio.wait_for(tracks["video"].recv(), 20)).width
    sound = await asyncio.wait_for(tracks["audio"].recv(), 20)
    await peer.close()
    print(json.dumps({"frames": frames, "width": width, "samples": sound.samples}))


command, address, *rest = sys.argv[1:]
if command == "publish":
    # Not an argument: everybody on the machine can read those.
    asyncio.run(publish(address, os.environ["STREAM_KEY"]))
else:
    asyncio.run(watch(address, int(rest[0])))
