"""Which regions an account has, as EC2's DescribeRegions and Account's ListRegions tell it."""
from aws_keys import Refusal
from aws_world import DISABLED


class Regions:
    def __init__(self, world):
        self.world = world

    def begin(self, call):
        pass

    def states(self, call):
        here = self.world.regions_of(call.account, call.partition)
        found = {name: "ENABLED_BY_DEFAULT" for name in here}
        found.update({name: "DISABLED" for name in DISABLED.get(call.partition, []) if name not in here})
        return found

    def describe_regions(self, call):
        words = {"ENABLED_BY_DEFAULT": "opt-in-not-required", "DISABLED": "not-opted-in"}
        return {"Regions": [{"RegionName": n, "Endpoint": "ec2.%s.amazonaws.com" % n, "OptInStatus": words[s]}
                            for n, s in self.states(call).items() if s != "DISABLED" or call.get("AllRegions")]}

    def list_regions(self, call):
        if call.partition == "aws-us-gov":
            raise Refusal(400, "ValidationException", "not in this partition")
        wanted = call.get("RegionOptStatusContains")
        rows = {n: {"RegionName": n, "RegionOptStatus": s} for n, s in self.states(call).items()
                if wanted is None or s in wanted}
        found, token = self.world.page(rows, call.get("MaxResults", 20), call.get("NextToken"),
                                       ["regions", call.account, wanted])
        return {"Regions": found, "NextToken": token}
